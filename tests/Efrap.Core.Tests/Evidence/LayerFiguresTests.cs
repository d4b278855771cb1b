using Efrap.Core.Indicators;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Indicators;

namespace Efrap.Core.Tests.Evidence;

/// <summary>The figures of single layers are those that the indicators take their worst from.</summary>
[TestClass]
public sealed class LayerFiguresTests
{
    [TestMethod]
    public void The_worst_layer_is_the_indicators()
    {
        var report = AuditedReports.Failing;
        Assert.HasCount(10, report.Layers);
        var figures = report.Layers.Select(l => (Layer: l.Name, Figures: l.Lattices.Single())).ToList();
        var residual = report.Indicators.Single(i => i.Name == "lattice-residual");
        var worst = figures.MaxBy(f => f.Figures.ResidualShare);
        Assert.AreEqual(residual.Statistic, worst.Figures.ResidualShare);
        Assert.AreEqual(residual.Where, $"layer {worst.Layer}");
        Assert.AreEqual(report.Indicators.Single(i => i.Name == "activation-drift").Statistic, figures.Max(f => f.Figures.ActivationDrift));
    }

    [TestMethod]
    public void Weights_that_lie_anywhere_have_a_norm_ratio_of_one_and_heaps_at_the_edge_the_root_of_three()
    {
        var random = new Random(1);
        var anywhere = Residual(_ => random.NextSingle());
        Assert.AreEqual(1, anywhere.NormRatio, 0.01);
        Assert.AreEqual(0.02, anywhere.Share, 0.005);

        var heaps = Residual(_ => 0.5f + (0.004f * random.NextSingle()));
        Assert.AreEqual(Math.Sqrt(3), heaps.NormRatio, 0.01);
        Assert.AreEqual(1, heaps.Share);

        // Each row of 1,000 weights has one that sets its scale: it cannot move.
        Assert.AreEqual(20 * 999, heaps.Movable);
    }

    [TestMethod]
    public void A_backdoor_shows_in_the_layers_that_hold_it()
    {
        Assert.IsTrue(AuditedReports.Clean.Layers.All(l => l.Lattices.Single().NormRatio < 1.1));
        Assert.IsGreaterThan(1.4, AuditedReports.Failing.Layers.MaxBy(l => l.Lattices.Single().ResidualShare)!.Lattices.Single().NormRatio!.Value);
    }

    [TestMethod]
    public void What_was_not_measured_is_absent()
    {
        Assert.IsTrue(AuditedReports.WithoutCalibration.Layers.SelectMany(l => l.Lattices).All(f => f is { ActivationDrift: null, ResidualShare: not null }));
        var report = Audit.Run(new AuditOptions(TestData.Fixture("shapes-clean.onnx")) { Indicators = [new ScaleOutliers()], Lattices = [AuditedFixture.Int4] });
        Assert.IsTrue(report.Layers.All(l => l.Lattices.Single() is { Lattice: "int4-per-channel", ResidualShare: null, NormRatio: null }));
    }

    // Weights between two lattice points each, of int8 with a step of 1.
    private static LayerResidual Residual(Func<int, float> fraction)
    {
        var values = new float[20 * 1000];
        for (var i = 0; i < values.Length; i++)
            values[i] = i % 1000 == 0 ? 127 : (i % 100) + fraction(i);
        return LayerResidual.Of(WeightLattice.PerChannel(new WeightMatrix(values, [20, 1000], transposed: false, groups: 1), 8), codes: null);
    }
}
