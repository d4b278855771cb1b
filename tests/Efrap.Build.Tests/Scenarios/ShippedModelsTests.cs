using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class ShippedModelsTests
{
    [TestMethod]
    public void An_embedded_and_a_copied_model_ship_hardened()
    {
        using var app = new App("""
            <PropertyGroup>
              <EfrapLattices>int8-per-channel</EfrapLattices>
            </PropertyGroup>
            <ItemGroup>
              <EmbeddedResource Include="Models/classifier.onnx" />
              <EfrapModel Include="Models/classifier.onnx" Calibration="Models/shapes.npz"
                          CalibrationScale="1/255" CalibrationMean="0.5, 0.5, 0.5" CalibrationStd="0.25" />
              <Content Include="Models/copied.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/copied.onnx" Calibration="Models/calibration.npz" Precision="int4-weights" />
            </ItemGroup>
            """);
        var embedded = app.Write("Models/classifier.onnx", Repository.Fixture("shapes-clean.onnx"));
        var copied = app.Write("Models/copied.onnx", TinyModel.Create(seed: 2));
        app.Write("Models/shapes.npz", Repository.Fixture("shapes-calibration.npz"));
        app.Write("Models/calibration.npz", CalibrationFile.Create(seed: 1));

        var build = app.Succeed("build");

        Assert.AreEqual(1, build.WorkerStarts);
        var resources = Bytes.Resources(Path.Combine(app.Output, "App.dll"));
        CollectionAssert.AreEqual(new[] { "App.Models.classifier.onnx" }, resources.Keys.ToArray());
        Bytes.AreHardened(resources.Values.Single(), Path.Combine(app.Hardened, "Models/classifier.onnx"), embedded);
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Output, "Models/copied.onnx")), Path.Combine(app.Hardened, "Models/copied.onnx"), copied);
        CollectionAssert.AreEqual(
            new[] { "copied.onnx" },
            Directory.GetFiles(Path.Combine(app.Output, "Models")).Select(Path.GetFileName).ToArray(),
            "the calibration data is not the app's");
    }
}
