using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class SwitchedOffTests
{
    private const string Items = """
        <ItemGroup>
          <EmbeddedResource Include="Models/m.onnx" LogicalName="model" />
          <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
        </ItemGroup>
        """;

    [TestMethod]
    public void EfrapEnabled_false_ships_the_original_also_after_a_hardened_one()
    {
        using var app = App.WithOneModel(Items);

        Assert.AreEqual(0, app.Succeed("publish", "-c", "Debug", "-p:EfrapEnabled=false").WorkerStarts);
        AssertOriginal(app, app.Output);
        AssertOriginal(app, Path.Combine(app.Output, "publish"));

        app.Succeed("publish", "-c", "Debug", "--no-restore");
        AssertHardened(app, app.Output);
        AssertHardened(app, Path.Combine(app.Output, "publish"));

        Assert.AreEqual(0, app.Succeed("publish", "-c", "Debug", "--no-restore", "-p:EfrapEnabled=false").WorkerStarts);
        AssertOriginal(app, app.Output);
        AssertOriginal(app, Path.Combine(app.Output, "publish"));
    }

    [TestMethod]
    public void Skip_ships_the_original()
    {
        using var app = App.WithOneModel(Items.Replace("Calibration=\"Models/calibration.npz\"", "Action=\"Skip\"", StringComparison.Ordinal));

        var build = app.Succeed("build");

        Assert.AreEqual(0, build.WorkerStarts);
        Assert.IsEmpty(build.Warnings);
        AssertOriginal(app, app.Output);
    }

    [TestMethod]
    public void A_design_time_build_starts_no_worker()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("restore");

        // What editors pass when they ask for the compiler's command line.
        var build = app.Succeed(
            "msbuild", "-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:BuildProjectReferences=false",
            "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true");
        var items = app.Succeed("msbuild", "-t:GetCopyToOutputDirectoryItems");

        Assert.AreEqual(0, build.WorkerStarts + items.WorkerStarts);
        Assert.IsFalse(Directory.Exists(app.Hardened));
    }

    private static void AssertOriginal(App app, string folder)
    {
        var original = File.ReadAllBytes(Path.Combine(app.Folder, "Models/m.onnx"));
        CollectionAssert.AreEqual(original, File.ReadAllBytes(Path.Combine(folder, "Models/m.onnx")), folder);
        CollectionAssert.AreEqual(original, Bytes.Resources(Path.Combine(folder, "App.dll"))["model"], folder);
    }

    private static void AssertHardened(App app, string folder)
    {
        var hardened = Path.Combine(app.Hardened, "Models/m.onnx");
        var original = Path.Combine(app.Folder, "Models/m.onnx");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(folder, "Models/m.onnx")), hardened, original);
        Bytes.AreHardened(Bytes.Resources(Path.Combine(folder, "App.dll"))["model"], hardened, original);
    }
}
