using System.Text.Json;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class TorchTierTests
{
    private static App? _app;

    [ClassInitialize]
    public static void Restore(TestContext context)
    {
        _app = new App("""<Import Project="$(Configuration).props" />""", package: "Efrap.Build.Torch");
        _app.Write("m.onnx", TinyModel.Create(seed: 1));
        _app.Write("calibration.npz", CalibrationFile.Create(seed: 1));
        _app.Write("Debug.props", "<Project />"u8.ToArray());
        _app.Succeed("restore");
    }

    [ClassCleanup]
    public static void Delete() => _app?.Dispose();

    [TestMethod]
    [DataRow("Paper", "paper")]
    [DataRow("PaperGram", "paper-gram")]
    public void A_build_hardens_with_a_solver_of_the_tier_and_ships_nothing_of_it(string configuration, string solver)
    {
        var publish = Publish(configuration, $"Solver=\"{solver}\" SolverSteps=\"20\"");

        Torch.Require(publish);
        Assert.AreEqual(0, publish.ExitCode, publish.Output);
        Assert.IsEmpty(publish.Warnings);
        var app = _app!;
        var hardened = Path.Combine(app.Folder, "obj", configuration, "net10.0/efrap/m.onnx");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Folder, $"{configuration}.out/m.onnx")), hardened, Path.Combine(app.Folder, "m.onnx"));
        var report = JsonElement.Parse(File.ReadAllBytes(hardened + ".json"));
        Assert.AreEqual(solver, report.GetProperty("solver").GetString());
        Assert.Contains("steps=20", report.GetProperty("solverSettings").EnumerateArray().Select(setting => setting.GetString()));
        AssertOnlyTheAppAndItsModel(Path.Combine(app.Folder, "bin", configuration, "net10.0"));
        AssertOnlyTheAppAndItsModel(Path.Combine(app.Folder, $"{configuration}.out"));
    }

    [TestMethod]
    public void Without_libtorch_its_solvers_are_one_error()
    {
        var publish = Publish("NoLibTorch", "Solver=\"paper\" SolverSteps=\"20\"", NoLibTorch);

        Assert.AreNotEqual(0, publish.ExitCode);
        var error = publish.Errors.Single();
        Assert.AreEqual("EFRAP0001", error.Code, error.Text);
        Assert.Contains("libtorch cannot be loaded: ", error.Text);
        Assert.DoesNotContain("\n", error.Text);
        Assert.IsFalse(File.Exists(Path.Combine(_app!.Folder, "NoLibTorch.out/m.onnx")), "a model was published");
    }

    [TestMethod]
    public void Without_libtorch_the_default_solver_works_and_says_nothing()
    {
        var publish = Publish("Budget", string.Empty, NoLibTorch);

        Assert.AreEqual(0, publish.ExitCode, publish.Output);
        Assert.IsEmpty(publish.Warnings);
        Assert.DoesNotContain("torch", publish.Output);
    }

    // A folder that the user names is looked into in place of NuGet's; this one does not exist.
    private static string NoLibTorch => "-p:EFRAP_LIBTORCH=nowhere";

    // A configuration of its own for each: they share the project and the restored packages, not obj and bin.
    private static BuildOutcome Publish(string configuration, string metadata, params string[] properties)
    {
        var app = _app!;
        File.WriteAllText(Path.Combine(app.Folder, $"{configuration}.props"), $"""
            <Project>
              <ItemGroup>
                <Content Include="m.onnx" CopyToOutputDirectory="PreserveNewest" />
                <EfrapModel Include="m.onnx" Calibration="calibration.npz" CalibrationScale="1/255" {metadata} />
              </ItemGroup>
            </Project>
            """);
        return app.Run("publish", ["--no-restore", "-c", configuration, "-o", $"{configuration}.out", .. properties]);
    }

    private static void AssertOnlyTheAppAndItsModel(string folder)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).ToList();
        Assert.IsEmpty(files.Where(file => file != "m.onnx" && file is not ("App" or "App.exe") && !file.StartsWith("App.", StringComparison.Ordinal)));
        Assert.DoesNotContain("torch", File.ReadAllText(Path.Combine(folder, "App.deps.json")), StringComparison.OrdinalIgnoreCase);
    }
}
