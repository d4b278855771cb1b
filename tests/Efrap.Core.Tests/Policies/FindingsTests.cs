using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Tests.Policies;

/// <summary>An audit says one thing for each indicator that fails or warns, and for each thing that is missing.</summary>
[TestClass]
public sealed class FindingsTests
{
    private static readonly DateOnly _today = new(2026, 6, 15);

    [TestMethod]
    public void An_indicator_that_fails_on_several_lattices_is_one_failure()
    {
        var finding = Of(new(), Result("int8-per-channel", 0.6, Verdict.Fail), Result("int4-per-channel", 0.9, Verdict.Fail)).Single();
        Assert.AreEqual(EfrapCode.TriggerProbe, finding.Code);
        Assert.AreEqual(Consequence.Fail, finding.Consequence);
        Assert.AreEqual(
            "trigger-probe is 0.900 on int4-per-channel and fails from 0.500 (class 3), also on int8-per-channel (0.600). Harden it.", finding.Text);
    }

    [TestMethod]
    public void A_waived_failure_warns_and_says_who_accepted_it_and_until_when()
    {
        var finding = Of(Waived(_today.AddDays(1)), Result("int8-per-channel", 0.6, Verdict.Fail)).Single();
        Assert.AreEqual(EfrapCode.Waived, finding.Code);
        Assert.AreEqual(Consequence.Warn, finding.Consequence);
        Assert.EndsWith("Waived until 2026-06-16 by R. Viewer: known.", finding.Text);
    }

    [TestMethod]
    public void An_expired_waiver_fails_and_says_so()
    {
        var finding = Of(Waived(_today.AddDays(-1)), Result("int8-per-channel", 0.6, Verdict.Fail)).Single();
        Assert.AreEqual(EfrapCode.TriggerProbe, finding.Code);
        Assert.AreEqual(Consequence.Fail, finding.Consequence);
        StringAssert.Contains(finding.Text, "Its waiver by R. Viewer expired on 2026-06-14.");
    }

    [TestMethod]
    public void A_required_indicator_that_was_measured_nowhere_fails_with_the_reason()
    {
        var policy = new AuditPolicy { Indicators = new Dictionary<string, IndicatorRule> { ["trigger-probe"] = new() { Required = true } } };
        var missing = new IndicatorResult("trigger-probe", "int8-per-channel", Verdict.NotMeasured) { Reason = "the input is no image", Advice = "-" };
        var finding = Of(policy, missing).Single();
        Assert.AreEqual((EfrapCode.NotMeasured, Consequence.Fail), (finding.Code, finding.Consequence));
        Assert.AreEqual("the policy requires trigger-probe, which was not measured on any lattice: the input is no image.", finding.Text);
        Assert.IsEmpty(Of(policy, missing, Result("int4-per-channel", 0.1, Verdict.Pass)));
        StringAssert.Contains(Of(policy).Single().Text, "which was not asked for");
        Assert.AreEqual(EfrapCode.Waived, Of(policy with { Waivers = Waived(_today).Waivers }, missing).Single().Code);
    }

    [TestMethod]
    [DataRow(PolicyProfile.Default, null, Consequence.Warn)]
    [DataRow(PolicyProfile.Strict, null, Consequence.Fail)]
    [DataRow(PolicyProfile.Strict, Consequence.Warn, Consequence.Warn)]
    [DataRow(PolicyProfile.Default, Consequence.Fail, Consequence.Fail)]
    [DataRow(PolicyProfile.Default, Consequence.Pass, null)]
    public void Without_calibration_data_the_policy_decides(PolicyProfile profile, Consequence? asked, Consequence? expected)
    {
        var policy = new AuditPolicy { Profile = profile, WithoutCalibration = asked };
        var findings = All(policy, hasSamples: false);
        Assert.AreEqual(expected, findings.SingleOrDefault()?.Consequence);
        Assert.IsEmpty(All(policy, hasSamples: true));
    }

    [TestMethod]
    [DataRow(PolicyProfile.Default, Consequence.Warn)]
    [DataRow(PolicyProfile.Strict, Consequence.Fail)]
    public void A_search_that_its_time_budget_ended_is_no_silent_pass(PolicyProfile profile, Consequence expected)
    {
        var finding = Of(new() { Profile = profile }, Result("int8-per-channel", 0.1, Verdict.Pass) with { IsCutShort = true }).Single();
        Assert.AreEqual((EfrapCode.NotMeasured, expected), (finding.Code, finding.Consequence));
        StringAssert.Contains(finding.Text, "its time budget ended trigger-probe on int8-per-channel");
    }

    [TestMethod]
    public void Failures_come_first()
    {
        var findings = All(new(), hasSamples: false, Result("int8-per-channel", 0.6, Verdict.Fail));
        CollectionAssert.AreEqual((Consequence[])[Consequence.Fail, Consequence.Warn], findings.Select(f => f.Consequence).ToArray());
    }

    private static AuditPolicy Waived(DateOnly expires) =>
        new() { Waivers = [new Waiver(PolicyTexts.Model, "trigger-probe", "known.", "R. Viewer", expires)] };

    private static IReadOnlyList<Finding> Of(AuditPolicy policy, params IndicatorResult[] results) => All(policy, hasSamples: true, results);

    private static IReadOnlyList<Finding> All(AuditPolicy policy, bool hasSamples, params IndicatorResult[] results)
    {
        var effective = policy.Effective();
        var verdict = new PolicyVerdict(effective, PolicyTexts.Model, _today);
        return new Findings(effective, verdict).Of(verdict.Judge(results), Indicator.OfEngine, hasSamples);
    }

    private static IndicatorResult Result(string lattice, double figure, Verdict verdict) =>
        new("trigger-probe", lattice, verdict) { Statistic = figure, Threshold = 0.5, Where = "class 3", Advice = "Harden it." };
}
