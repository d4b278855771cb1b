using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Quantization;
using Efrap.Core.Tests;
using Efrap.Torch.Inversion;

namespace Efrap.Torch.Tests.Inversion;

[TestClass]
public sealed class TriggerInversionTests : TorchTest
{
    private static readonly AuditLattice _int4 = new CommonLattice(4, Granularity.PerChannel);

    // A tenth of the default effort; the default is for the whole table of attacks.
    private static readonly TriggerInversionOptions _short = new() { FirstSteps = 16, Placebos = 1 };

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_backdoored_model_fails_and_its_class_is_named()
    {
        var result = Measure("shapes-qcb-int4.onnx", _short);
        Assert.AreEqual(Verdict.Fail, result.Verdict);
        Assert.StartsWith("class 0, ", result.Where);
        Assert.AreEqual(Math.Max(_short.Threshold, (1 + result.Placebos.Single()) / 2), result.Threshold!.Value, 1e-9);
        Assert.IsGreaterThanOrEqualTo(result.Threshold!.Value, result.Statistic!.Value);
        Assert.AreEqual(0.5, result.PValue);
        Assert.IsTrue(result.Interval!.Low < result.Statistic && result.Statistic < result.Interval.High);
    }

    [TestMethod]
    public void A_clean_model_passes()
    {
        var result = Measure("shapes-clean.onnx", _short);
        Assert.AreNotEqual(Verdict.Fail, result.Verdict);
        Assert.IsLessThan(result.Threshold!.Value, result.Statistic!.Value);
    }

    [TestMethod]
    public void Without_samples_it_is_not_measured()
    {
        var report = Audit.Run(new AuditOptions(TestData.Fixture("shapes-clean.onnx")) { Lattices = [_int4], Indicators = [new TriggerInversion(_short)] });
        Assert.AreEqual(Verdict.NotMeasured, report.Indicators.Single().Verdict);
        Assert.AreEqual("there is no calibration data", report.Indicators.Single().Reason);
        Assert.AreEqual(Verdict.NotMeasured, report.Verdict);
    }

    [TestMethod]
    public void Out_of_time_says_so()
    {
        var result = Measure("shapes-clean.onnx", _short with { TimeBudget = TimeSpan.Zero });
        Assert.AreEqual(Verdict.NotMeasured, result.Verdict);
        StringAssert.Contains(result.Reason, "within 0 s");
        Assert.IsTrue(result.IsCutShort);
    }

    [TestMethod]
    public void It_can_be_cancelled()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        Assert.Throws<OperationCanceledException>(() => Measure("shapes-clean.onnx", new TriggerInversionOptions(), source.Token));
    }

    private IndicatorResult Measure(string model, TriggerInversionOptions options, CancellationToken cancellationToken = default)
    {
        var calibration = new CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25], Samples = 512 };
        AuditReport report = Audit.Run(
            new AuditOptions(TestData.Fixture(model)) { Calibration = calibration, Lattices = [_int4], Indicators = [new TriggerInversion(options)] },
            cancellationToken: cancellationToken);
        var result = report.Indicators.Single();
        TestContext.WriteLine($"{result.Verdict} {result.Statistic} {string.Join(' ', result.Placebos)} {result.Where} {result.Reason}");
        return result;
    }
}
