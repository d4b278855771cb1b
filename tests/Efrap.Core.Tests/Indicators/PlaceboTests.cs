using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class PlaceboTests
{
    private static readonly CommonLattice _lattice = new(4, Granularity.PerChannel);

    [TestMethod]
    public void Every_weight_is_on_one_of_the_two_points_around_it_and_the_mean_is_the_weight()
    {
        using var subject = Subject();
        var layer = subject.Layers[1];
        var points = _lattice.Of(layer);
        var sum = new double[layer.Weights.Values.Length];
        const int Draws = 400;
        for (var seed = 0; seed < Draws; seed++)
        {
            var values = WeightsOf(RoundedModel.Placebo(subject, _lattice, seed), layer);
            for (var i = 0; i < values.Length; i++)
            {
                var scale = points.Scales[i / layer.Weights.Columns];
                var code = values[i] / scale;
                Assert.IsTrue(Math.Abs(code - points.Floor[i]) < 1e-3 || Math.Abs(code - points.Floor[i] - 1) < 1e-3, $"weight {i}");
                sum[i] += values[i] / scale;
            }
        }

        // The standard error of each mean is at most 1/(2·√400) of a step; over 2,304 weights five of them are ample.
        for (var i = 0; i < sum.Length; i++)
            Assert.AreEqual(layer.Weights.Values[i] / points.Scales[i / layer.Weights.Columns], sum[i] / Draws, 0.125, $"weight {i}");
    }

    [TestMethod]
    public void The_seed_decides()
    {
        using var subject = Subject();
        var layer = subject.Layers[0];
        var first = WeightsOf(RoundedModel.Placebo(subject, _lattice, 1), layer);
        CollectionAssert.AreEqual(first, WeightsOf(RoundedModel.Placebo(subject, _lattice, 1), layer));
        CollectionAssert.AreNotEqual(first, WeightsOf(RoundedModel.Placebo(subject, _lattice, 2), layer));
    }

    [TestMethod]
    public void Nearest_rounding_changes_the_weights_and_nothing_else()
    {
        using var subject = Subject();
        var rounded = RoundedModel.Quantized(subject, _lattice);
        foreach (var layer in subject.Layers)
        {
            var points = _lattice.Of(layer);
            var values = WeightsOf(rounded, layer);
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(points.TruncationError[i], MathF.Abs(values[i] - layer.Weights.Values[i]), 1e-6f);
        }

        var (before, after) = (subject.Graph.Model.Proto.Clone(), rounded.Model.Proto.Clone());
        var weights = subject.Layers.Select(l => l.Weight).ToHashSet();
        foreach (var graph in new[] { before.Graph, after.Graph })
        {
            foreach (var weight in graph.Initializer.Where(t => weights.Contains(t.Name)).ToList())
                graph.Initializer.Remove(weight);
        }

        Assert.AreEqual(before, after);
    }

    private static float[] WeightsOf(ModelGraph graph, QuantizableLayer layer) =>
        layer.Weights.ToRows(TensorValues.ToSingles(graph.Constant(layer.Weight)!));

    private static AuditSubject Subject()
    {
        var graph = new ModelGraph(OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx")));
        return new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, null);
    }
}
