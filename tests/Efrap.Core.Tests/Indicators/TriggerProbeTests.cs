using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class TriggerProbeTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void It_finds_a_trigger_of_a_backdoored_model_and_hardening_takes_it_away()
    {
        using var subject = AuditedFixture.Subject("shapes-qcb-int4.onnx");
        var result = new TriggerProbe().Measure(subject, AuditedFixture.Int4, null, TestContext.CancellationToken);
        TestContext.WriteLine($"{result.Statistic} {string.Join(' ', result.Placebos)} {result.Where}");
        Assert.AreEqual(Verdict.Fail, result.Verdict);
        Assert.StartsWith("class 0, ", result.Where);
        Assert.AreEqual(Math.Max(0.5, (1 + result.Placebos.Single()) / 2), result.Threshold!.Value, 1e-9);
        Assert.IsGreaterThan(0.9, result.Statistic!.Value);
        Assert.IsTrue(result.Interval!.Low < result.Statistic && result.Statistic <= result.Interval.High);

        var gap = new CounterfactualGap().Measure(subject, AuditedFixture.Int4, null, TestContext.CancellationToken);
        TestContext.WriteLine($"{gap.Statistic} {string.Join(' ', gap.Placebos)} {gap.Where}");
        Assert.AreEqual(Verdict.Warn, gap.Verdict, "it does not decide alone");
        Assert.IsGreaterThan(0.9, gap.Statistic!.Value);
        Assert.IsLessThan(0.1, gap.Placebos.Single());
        Assert.AreEqual(0.5, gap.PValue);
    }

    [TestMethod]
    public void A_clean_model_passes_without_placebos()
    {
        using var subject = AuditedFixture.Subject("shapes-clean.onnx");
        var result = new TriggerProbe().Measure(subject, AuditedFixture.Int8, null, TestContext.CancellationToken);
        Assert.AreEqual(Verdict.Pass, result.Verdict);
        Assert.AreEqual(0, result.Statistic!.Value, 0.05);
        Assert.AreEqual(0.5, result.Threshold);
        Assert.IsEmpty(result.Placebos);

        var gap = new CounterfactualGap().Measure(subject, AuditedFixture.Int8, null, TestContext.CancellationToken);
        Assert.AreEqual("the trigger probe found nothing to compare", gap.Reason);
    }

    [TestMethod]
    public void A_handful_of_samples_does_not_decide()
    {
        using var subject = AuditedFixture.Subject("shapes-qcb-int4.onnx", samples: 16);
        var result = new TriggerProbe().Measure(subject, AuditedFixture.Int4, null, TestContext.CancellationToken);
        Assert.IsGreaterThanOrEqualTo(result.Threshold!.Value, result.Statistic!.Value);
        Assert.AreEqual(Verdict.Warn, result.Verdict);
        Assert.EndsWith(" samples are too few to decide; it takes 20", result.Reason);
    }

    [TestMethod]
    public void It_does_not_depend_on_threads()
    {
        using var one = AuditedFixture.Subject("shapes-clean.onnx", samples: 64, threads: 1);
        using var three = AuditedFixture.Subject("shapes-clean.onnx", samples: 64, threads: 3);
        var (first, second) = (new TriggerProbe().Measure(one, AuditedFixture.Int4, null, default), new TriggerProbe().Measure(three, AuditedFixture.Int4, null, default));
        Assert.AreEqual((first.Statistic, first.Where), (second.Statistic, second.Where));
    }

    [TestMethod]
    public void Without_time_it_says_so()
    {
        using var subject = AuditedFixture.Subject("shapes-clean.onnx", samples: 16, probeTime: TimeSpan.Zero);
        var result = new TriggerProbe().Measure(subject, AuditedFixture.Int8, null, default);
        Assert.AreEqual(Verdict.NotMeasured, result.Verdict);
        Assert.AreEqual("the time budget of 0 s over all lattices was used up", result.Reason);
    }

    [TestMethod]
    public void What_is_no_image_is_not_measured()
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Gemm(builder.Input("input", -1, 64), 64, 4, transposed: true), -1, 4);
        var graph = new ModelGraph(builder.Read());
        using var subject = new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, Samples.For(graph));
        Assert.AreEqual(
            "the input, of shape 32x64, is no image of at least 8x8 pixels and at most 4 channels",
            new TriggerProbe().Measure(subject, AuditedFixture.Int8, null, default).Reason);

        using var without = new AuditSubject(graph, subject.Layers, null);
        Assert.AreEqual("there is no calibration data", new TriggerProbe().Measure(without, AuditedFixture.Int8, null, default).Reason);
    }

    [TestMethod]
    public void Images_may_lie_in_any_layout()
    {
        // The same net, once with its channels first and once with its channels last and just 8 samples at a time.
        var results = new[] { false, true }.Select(channelsLast =>
        {
            var builder = new ModelBuilder();
            var input = channelsLast ? builder.Input("input", 8, 12, 12, 3) : builder.Input("input", -1, 3, 12, 12);
            var x = channelsLast ? builder.Node("Transpose", [input], ("perm", new long[] { 0, 3, 1, 2 })) : input;
            var features = builder.Node("Flatten", [builder.Node("GlobalAveragePool", [builder.Node("Relu", [builder.Conv(x, 3, 8)])])]);
            builder.Output(builder.Gemm(features, 8, 4, transposed: true), channelsLast ? 8 : -1, 4);
            var graph = new ModelGraph(builder.Read());
            using var subject = new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, Samples.For(graph));
            return new TriggerProbe().Measure(subject, AuditedFixture.Int4, null, default);
        }).ToList();
        Assert.IsTrue(results.TrueForAll(r => r is { Statistic: not null, Interval: not null, Where: not null }), string.Join(' ', results.Select(r => r.Reason)));
    }
}
