using Efrap.Core.Calibration;
using Efrap.Core.Indicators;
using Efrap.Core.Indicators.Probe;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Indicators;

/// <summary>Measures fixtures on a part of their samples, with few placebos.</summary>
internal static class AuditedFixture
{
    /// <summary>Placebos on each lattice: enough for the order of magnitude.</summary>
    public const int Placebos = 5;

    /// <summary>int8, per channel.</summary>
    public static CommonLattice Int8 { get; } = new(8, Granularity.PerChannel);

    /// <summary>int4, per channel.</summary>
    public static CommonLattice Int4 { get; } = new(4, Granularity.PerChannel);

    /// <summary>The fixtures' samples as their models take them.</summary>
    public static CalibrationOptions Calibration(int samples = 256) =>
        new(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25], Samples = samples };

    /// <summary>What an indicator says of a fixture.</summary>
    public static IndicatorResult Measure(Indicator indicator, string model, AuditLattice lattice, int samples = 256) => Audit.Run(
        new AuditOptions(TestData.Fixture(model))
        {
            Calibration = Calibration(samples),
            Lattices = [lattice],
            Indicators = [indicator],
            Placebos = Placebos,
        }).Indicators.Single();

    /// <summary>Checks what every indicator with placebos says of a model that was trained for int8, and of one that was not.</summary>
    public static IndicatorResult TellsTheBackdoorFromRounding(Indicator indicator, double floor, int samples = 256)
    {
        var clean = Measure(indicator, "shapes-clean.onnx", Int8, samples);
        Assert.AreEqual(Verdict.Pass, clean.Verdict);
        Assert.IsLessThanOrEqualTo(clean.Placebos.Max(), clean.Statistic!.Value);
        Assert.AreEqual(floor, clean.Threshold!.Value, 1e-9, "rounding to int8 by chance stays below the floor");

        var backdoored = Measure(indicator, "shapes-qcb-int8.onnx", Int8, samples);
        Assert.AreEqual(Verdict.Warn, backdoored.Verdict, "it does not decide alone");
        Assert.HasCount(Placebos, backdoored.Placebos);
        Assert.AreEqual(1.0 / (Placebos + 1), backdoored.PValue);
        Assert.AreEqual(Math.Max(floor, 2 * backdoored.Placebos.Max()), backdoored.Threshold!.Value, 1e-9);
        Assert.IsGreaterThan(backdoored.Threshold!.Value, backdoored.Statistic!.Value);
        return backdoored;
    }

    /// <summary>A fixture to measure, with a small fraction of the effort that an audit makes.</summary>
    public static AuditSubject Subject(string model, int samples = 256, TimeSpan? probeTime = null, int threads = 2)
    {
        var graph = new ModelGraph(OnnxModelReader.Read(TestData.Fixture(model)));
        return new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, CalibrationSet.Load(Calibration(samples), ModelInputs.Of(graph)))
        {
            Effort = new AuditEffort(1, 1, threads, probeTime ?? TimeSpan.FromMinutes(10)) { Probe = new ProbeEffort(16, 32, 128, 2, 4, 4) },
        };
    }
}
