using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class ShippedModelsTests
{
    [TestMethod]
    public void An_embedded_and_a_copied_model_ship_hardened()
    {
        using var app = new App("""
            <ItemGroup>
              <EmbeddedResource Include="Models/embedded.onnx" />
              <Content Include="Models/copied.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/*.onnx" Calibration="Models/calibration.npz"
                          CalibrationScale="1/255" CalibrationMean="0.5, 0.5, 0.5" CalibrationStd="0.25" />
            </ItemGroup>
            """);
        var embedded = app.Write("Models/embedded.onnx", TinyModel.Create(seed: 1));
        var copied = app.Write("Models/copied.onnx", TinyModel.Create(seed: 2));
        app.Write("Models/calibration.npz", CalibrationFile.Create(seed: 1));

        var build = app.Succeed("build");

        Assert.AreEqual(1, build.WorkerStarts);
        var resources = Bytes.Resources(Path.Combine(app.Output, "App.dll"));
        CollectionAssert.AreEqual(new[] { "App.Models.embedded.onnx" }, resources.Keys.ToArray());
        Bytes.AreHardened(resources.Values.Single(), Path.Combine(app.Hardened, "Models/embedded.onnx"), embedded);
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Output, "Models/copied.onnx")), Path.Combine(app.Hardened, "Models/copied.onnx"), copied);
        CollectionAssert.AreEqual(
            new[] { "copied.onnx" },
            Directory.GetFiles(Path.Combine(app.Output, "Models")).Select(Path.GetFileName).ToArray(),
            "the calibration data is not the app's");
    }
}
