using System.Runtime.InteropServices;
using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class ActivationDriftTests
{
    [TestMethod]
    public void A_backdoor_moves_a_channel_further_than_chance() =>
        AuditedFixture.TellsTheBackdoorFromRounding(new ActivationDrift(), floor: 0.1);

    [TestMethod]
    public void It_is_the_furthest_mean_in_standard_deviations()
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Gemm(builder.Input("input", -1, 12), 12, 6, transposed: true), -1, 6);
        var graph = new ModelGraph(builder.Read());
        using var subject = new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, Samples.For(graph)) { Effort = AuditEffort.Default with { Placebos = 1 } };
        var result = new ActivationDrift().Measure(subject, AuditedFixture.Int4, null, default);

        var layer = subject.Layers.Single();
        var points = AuditedFixture.Int4.Of(layer);
        var rows = Enumerable.Range(0, subject.Samples!.BatchCount)
            .SelectMany(b => MemoryMarshal.Cast<byte, float>(subject.Samples.GetBatch(b)[0].Data).ToArray().Chunk(12)).ToList();
        var drifts = Enumerable.Range(0, 6).Select(channel =>
        {
            var weights = Enumerable.Range(0, 12).Select(k => (double)layer.Weights.Values[(channel * 12) + k]).ToArray();
            var moved = Enumerable.Range(0, 12).Average(k => 12 * ((points.Codes(points.NearestUp)[(channel * 12) + k] * points.Scales[channel]) - weights[k]) * rows.Average(r => r[k]));
            var outputs = rows.Select(r => r.Zip(weights, (x, w) => x * w).Sum()).ToList();
            return Math.Abs(moved) / Math.Sqrt(outputs.Average(y => Math.Pow(y - outputs.Average(), 2)));
        }).ToList();
        Assert.AreEqual(drifts.Max(), result.Statistic!.Value, 1e-3 * drifts.Max());
        Assert.AreEqual($"layer {layer.Name}, channel {drifts.IndexOf(drifts.Max())}", result.Where);
    }
}
