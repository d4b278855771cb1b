using Efrap.Build.Tests.Apps;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Rounding;

namespace Efrap.Build.Tests.Scenarios;

/// <summary>By convention <c>x.onnx</c> beside <c>x.int8.onnx</c> is what that was quantized from.</summary>
[TestClass]
public sealed class SourceByNameTests
{
    [TestMethod]
    public void A_quantized_model_without_a_source_takes_the_one_beside_it_and_says_so()
    {
        using var app = App.WithOneModel("""
            <ItemGroup>
              <Content Include="Models/*.onnx" Exclude="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.int8.onnx;Models/float.quant.onnx" Calibration="Models/calibration.npz" CalibrationScale="1/255" />
              <EfrapModel Include="Models/alone_quantized.onnx" Action="Skip" />
            </ItemGroup>
            """);
        var quantized = Path.Combine(app.Folder, "Models/m.int8.onnx");
        Harden.Run(new HardenOptions(
            Path.Combine(app.Folder, "Models/m.onnx"), quantized, new CalibrationOptions(Path.Combine(app.Folder, "Models/calibration.npz")) { Scale = 1 / 255.0 })
        {
            Solver = Solver.Nearest,
        });
        File.Copy(quantized, Path.Combine(app.Folder, "Models/m_quantized.onnx"));
        File.Copy(quantized, Path.Combine(app.Folder, "Models/alone_quantized.onnx"));
        // Called so, and not quantized: what lies beside it is none of its business.
        app.Write("Models/float.quant.onnx", TinyModel.Create(seed: 2));
        app.Write("Models/float.onnx", TinyModel.Create(seed: 3));

        var build = app.Succeed("build");

        Assert.Contains("Models/m.int8.onnx is quantized, and m.onnx beside it is taken for its full-precision source", build.Output);
        Assert.Contains("Models/m_quantized.onnx is quantized, and m.onnx beside it", build.Output, "one that nobody listed");
        Assert.DoesNotContain("float.onnx beside", build.Output);
        var shipped = File.ReadAllBytes(Path.Combine(app.Output, "Models/m.int8.onnx"));
        Assert.HasCount(File.ReadAllBytes(quantized).Length, shipped, "only integers change");
        CollectionAssert.AreNotEqual(File.ReadAllBytes(quantized), shipped);
        Bytes.AreHardened(
            File.ReadAllBytes(Path.Combine(app.Output, "Models/float.quant.onnx")),
            Path.Combine(app.Hardened, "Models/float.quant.onnx"),
            Path.Combine(app.Folder, "Models/float.quant.onnx"));
        var unlisted = build.Warnings.Where(w => w.Code == "EFRAP3003").ToDictionary(w => Path.GetFileName(w.File)!, w => w.Text);
        CollectionAssert.AreEquivalent(new[] { "m_quantized.onnx", "float.onnx" }, unlisted.Keys.ToArray());
        Assert.Contains("only its weights were looked at", unlisted["m_quantized.onnx"]);
        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts);

        File.SetLastWriteTimeUtc(Path.Combine(app.Folder, "Models/m.onnx"), DateTime.UtcNow);
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts, "the source is an input, also where its name implies it");
    }
}
