using System.Runtime.InteropServices;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class PublishTests
{
    private const string Items = """
        <ItemGroup>
          <EmbeddedResource Include="Models/m.onnx" LogicalName="model" />
          <Content Include="Models/m.onnx" CopyToPublishDirectory="PreserveNewest" />
          <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" CalibrationScale="1/255" />
        </ItemGroup>
        """;

    [TestMethod]
    public void Publish_ships_the_hardened_model()
    {
        using var app = App.WithOneModel(Items);

        var publish = app.Succeed("publish", "-c", "Debug", "-o", "out");

        Assert.AreEqual(1, publish.WorkerStarts);
        AssertPublished(app);
    }

    [TestMethod]
    public void Publish_without_a_build_ships_what_the_build_hardened()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("build");

        var publish = app.Succeed("publish", "-c", "Debug", "-o", "out", "--no-build");

        Assert.AreEqual(0, publish.WorkerStarts);
        AssertPublished(app);
    }

    [TestMethod]
    public void A_single_file_holds_the_hardened_model_and_not_the_original()
    {
        using var app = App.WithOneModel(Items);
        var system = RuntimeInformation.RuntimeIdentifier;

        app.Succeed(
            "publish", "-c", "Debug", "-o", "out", "-r", system, "--self-contained", "false", "-p:PublishSingleFile=true",
            "-p:IncludeAllContentForSelfExtract=true", "-p:EfrapLattices=int8-per-channel", "-p:EfrapProbeTime=0");

        var bundle = File.ReadAllBytes(Path.Combine(app.Folder, OperatingSystem.IsWindows() ? "out/App.exe" : "out/App"));
        Assert.AreEqual(2, Count(Path.Combine(app.Folder, "obj/Debug/net10.0", system, "efrap/Models/m.onnx")), "as a resource and as content");
        Assert.AreEqual(0, Count(Path.Combine(app.Folder, "Models/m.onnx")));

        int Count(string file) => bundle.AsSpan().Count(File.ReadAllBytes(file));
    }

    [TestMethod]
    public void Publish_without_a_build_fails_where_no_build_hardened()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("build", "-p:EfrapEnabled=false");

        var publish = app.Run("publish", "-c", "Debug", "-o", "out", "--no-build");

        Assert.AreNotEqual(0, publish.ExitCode);
        var error = publish.Errors.Single();
        Assert.AreEqual("EFRAP0007", error.Code);
        Assert.AreEqual(Path.Combine(app.Folder, "Models/m.onnx"), error.File);
        Assert.IsFalse(Directory.Exists(Path.Combine(app.Folder, "out", "Models")), "a model was published");
    }

    private static void AssertPublished(App app)
    {
        var hardened = Path.Combine(app.Hardened, "Models/m.onnx");
        var original = Path.Combine(app.Folder, "Models/m.onnx");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Folder, "out/Models/m.onnx")), hardened, original);
        Bytes.AreHardened(Bytes.Resources(Path.Combine(app.Folder, "out/App.dll"))["model"], hardened, original);
    }
}
