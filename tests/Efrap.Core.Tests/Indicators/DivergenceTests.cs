using Efrap.Core.Indicators;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class DivergenceTests
{
    [TestMethod]
    public void A_backdoor_changes_probabilities_more_than_chance()
    {
        var result = AuditedFixture.TellsTheBackdoorFromRounding(new Divergence(), floor: 0.01);

        // A hundred times what the placebos do; a figure in other units or of the wrong sign is far from it.
        Assert.IsGreaterThan(50 * result.Placebos.Max(), result.Statistic!.Value);
    }

    [TestMethod]
    public void A_model_without_classes_is_not_measured()
    {
        using var folder = new TemporaryFolder();
        var net = Inference.Nets.Chain(depth: 2, channels: 8);
        var path = folder.File("net.onnx");
        Core.Onnx.OnnxModelWriter.Write(net.Read().Proto, path);
        var calibration = Inference.Samples.Write(folder, new Core.Onnx.ModelGraph(net.Read()));
        var result = Audit.Run(new AuditOptions(path) { Calibration = calibration, Lattices = [AuditedFixture.Int8], Indicators = [new Divergence()] })
            .Indicators.Single();
        Assert.AreEqual(Verdict.NotMeasured, result.Verdict);
        Assert.AreEqual("no output is [samples, classes]", result.Reason);
    }
}
