using System.Security.Cryptography;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class IncrementalBuildTests
{
    private const string Items = """
        <ItemGroup>
          <EmbeddedResource Include="Models/m.onnx" LogicalName="model" />
          <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
        </ItemGroup>
        """;

    [TestMethod]
    public void A_second_build_starts_no_worker_and_changes_nothing()
    {
        using var app = App.WithOneModel(Items);
        Assert.AreEqual(1, app.Succeed("build").WorkerStarts);
        var before = State(app);

        var second = app.Succeed("build");

        Assert.AreEqual(0, second.WorkerStarts);
        Assert.IsFalse(second.Ran("CoreCompile"), "the app was compiled again");
        CollectionAssert.AreEqual(before, State(app));
    }

    [TestMethod]
    public void Only_the_model_whose_inputs_changed_is_hardened_again()
    {
        using var app = App.WithOneModel(Items.Replace("</ItemGroup>", """
              <Content Include="other.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="other.onnx" Calibration="other.npz" />
            </ItemGroup>
            """, StringComparison.Ordinal));
        app.Write("other.onnx", TinyModel.Create(seed: 2));
        var calibration = app.Write("other.npz", CalibrationFile.Create(seed: 2));
        app.Succeed("build");
        var untouched = File.GetLastWriteTimeUtc(Path.Combine(app.Hardened, "Models/m.onnx"));
        var shipped = File.ReadAllBytes(Path.Combine(app.Output, "other.onnx"));
        File.WriteAllBytes(calibration, CalibrationFile.Create(seed: 3));

        var second = app.Succeed("build");

        Assert.AreEqual(1, second.WorkerStarts);
        Assert.AreEqual(untouched, File.GetLastWriteTimeUtc(Path.Combine(app.Hardened, "Models/m.onnx")));
        CollectionAssert.AreNotEqual(shipped, File.ReadAllBytes(Path.Combine(app.Output, "other.onnx")), "other samples give other ranges");
    }

    [TestMethod]
    public void A_touched_input_or_a_changed_setting_hardens_again_and_ships_the_result()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("build");

        File.SetLastWriteTimeUtc(Path.Combine(app.Folder, "Models/calibration.npz"), DateTime.UtcNow);
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts, "the calibration file was touched");

        File.WriteAllBytes(Path.Combine(app.Folder, "Models/m.onnx"), TinyModel.Create(seed: 7));
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts, "the model is another one");
        AssertShipped(app);

        Assert.AreEqual(1, app.Succeed("build", "--no-restore", "-p:EfrapActivationBudget=0.9").WorkerStarts, "the budget changed");
        Assert.AreEqual(0, app.Succeed("build", "--no-restore", "-p:EfrapActivationBudget=0.9").WorkerStarts, "the budget is the same");
        Assert.AreEqual(0, app.Succeed("build", "--no-restore", "-p:EfrapActivationBudget=0.9", "-p:EfrapThreads=1").WorkerStarts, "the result does not depend on threads");

        app.WriteProject(Items.Replace("Calibration=", "Precision=\"int8-weights\" Calibration=", StringComparison.Ordinal));
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts, "the precision changed");
        AssertShipped(app);

        app.WriteProject(Items.Replace("Calibration=", "Granularity=\"per-tensor\" Calibration=", StringComparison.Ordinal));
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts, "the granularity changed");
        AssertShipped(app);
        Assert.Contains("\"granularity\": \"per-tensor\"", File.ReadAllText(Path.Combine(app.Hardened, "Models/m.onnx.json")));
    }

    [TestMethod]
    public void Clean_removes_what_was_made()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("build");

        app.Succeed("clean");

        Assert.IsFalse(Directory.Exists(app.Hardened));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(app.Folder, "bin"), "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_model_that_is_listed_no_more_leaves_nothing_behind()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("build");

        app.WriteProject("""<ItemGroup><Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" /></ItemGroup>""");
        var second = app.Succeed("build", "--no-restore");

        Assert.AreEqual("EFRAP3003", second.Warnings.Single(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal)).Code);
        Assert.IsFalse(File.Exists(Path.Combine(app.Hardened, "Models/m.onnx")));
        CollectionAssert.AreEqual(
            File.ReadAllBytes(Path.Combine(app.Folder, "Models/m.onnx")),
            File.ReadAllBytes(Path.Combine(app.Output, "Models/m.onnx")),
            "the hardened copy is newer than the original and stayed");
    }

    private static void AssertShipped(App app)
    {
        var hardened = Path.Combine(app.Hardened, "Models/m.onnx");
        var original = Path.Combine(app.Folder, "Models/m.onnx");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Output, "Models/m.onnx")), hardened, original);
        Bytes.AreHardened(Bytes.Resources(Path.Combine(app.Output, "App.dll"))["model"], hardened, original);
    }

    private static string[] State(App app) =>
        [.. new[] { app.Hardened, app.Output }
            .SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];
}
