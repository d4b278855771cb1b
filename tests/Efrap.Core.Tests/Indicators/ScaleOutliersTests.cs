using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class ScaleOutliersTests
{
    [TestMethod]
    public void A_planted_outlier_is_found_with_its_ratio()
    {
        var planted = Measure(plantedTimes: 10, out var layer);
        var second = layer.Weights.Values.Take(64).Select(MathF.Abs).Order().ElementAt(62);
        Assert.AreEqual(Verdict.Warn, planted.Verdict);
        Assert.AreEqual(layer.Weights.Values[5] / second, planted.Statistic!.Value, 1e-6);
        Assert.AreEqual($"layer {layer.Name}, channel 0", planted.Where);
    }

    [TestMethod]
    public void Normally_distributed_weights_pass()
    {
        var result = Measure(plantedTimes: null, out _);
        Assert.AreEqual(Verdict.Pass, result.Verdict);
        Assert.HasCount(19, result.Placebos);
        Assert.IsLessThan(result.Threshold!.Value, result.Statistic!.Value);
    }

    // 32 rows of 64 weights; where asked for, one is so many times as large as the largest.
    private static IndicatorResult Measure(float? plantedTimes, out QuantizableLayer layer)
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Gemm(builder.Input("input", -1, 64), 64, 32, transposed: true), -1, 32);
        var graph = new ModelGraph(builder.Read());
        layer = LayerPlanner.Plan(graph).Layers.Single();
        if (plantedTimes is { } times)
            layer.Weights.Values[5] = times * layer.Weights.Values.Max(MathF.Abs);
        using var subject = new AuditSubject(graph, [layer], null);
        return new ScaleOutliers().Measure(subject, AuditedFixture.Int8, null, default);
    }
}
