using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Tests.Policies;

/// <summary>Thresholds, severities and waivers of a policy decide what a figure comes to.</summary>
[TestClass]
public sealed class PolicyVerdictTests
{
    private const string Lattice = "int8-per-channel";
    private static readonly DateOnly _today = new(2026, 6, 15);

    [TestMethod]
    [DataRow("trigger-probe", 0.4, 0.3, Verdict.Fail, DisplayName = "a lower threshold fails what decides alone")]
    [DataRow("trigger-probe", 0.2, 0.3, Verdict.Pass, DisplayName = "below the policy's threshold nothing is suspicious")]
    [DataRow("trigger-probe", 0.7, 0.8, Verdict.Pass, DisplayName = "a higher threshold passes what would fail")]
    [DataRow("agreement", 0.4, 0.3, Verdict.Warn, DisplayName = "a consequence beyond the policy's threshold still needs company")]
    public void A_threshold_takes_the_place_of_the_indicators_own(string name, double figure, double threshold, Verdict expected)
    {
        var judged = Judge(new() { Indicators = Rule(name, new() { Threshold = threshold }) }, Result(name, figure, figure >= 0.5 ? Verdict.Fail : Verdict.Pass));
        Assert.AreEqual(expected, judged[0].Verdict);
        Assert.AreEqual(threshold, judged[0].Threshold);
    }

    [TestMethod]
    [DataRow("agreement", 0.6, Verdict.Warn, Consequence.Fail, Verdict.Fail)]
    [DataRow("agreement", 0.4, Verdict.Warn, Consequence.Fail, Verdict.Warn, DisplayName = "below its threshold it only warns")]
    [DataRow("agreement", 0.6, Verdict.Warn, Consequence.Pass, Verdict.Pass)]
    [DataRow("trigger-probe", 0.6, Verdict.Fail, Consequence.Warn, Verdict.Warn)]
    [DataRow("trigger-probe", 0.6, Verdict.Fail, Consequence.Pass, Verdict.Pass)]
    [DataRow("trigger-probe", 0.1, Verdict.Pass, Consequence.Fail, Verdict.Pass)]
    public void A_severity_says_what_it_comes_to(string name, double figure, Verdict own, Consequence severity, Verdict expected)
    {
        var judged = Judge(new() { Indicators = Rule(name, new() { Severity = severity }) }, Result(name, figure, own));
        Assert.AreEqual(expected, judged[0].Verdict);
        Assert.AreEqual(expected != own, judged[0].Reason?.StartsWith("the policy ", StringComparison.Ordinal) == true);
    }

    [TestMethod]
    public void What_does_not_count_is_no_company_but_what_only_warns_is()
    {
        IndicatorResult[] results = [Result("agreement", 0.6, Verdict.Warn), Result("lattice-residual", 0.6, Verdict.Fail)];
        Assert.AreEqual(Verdict.Fail, Judge(new(), results)[0].Verdict);
        Assert.AreEqual(Verdict.Warn, Judge(new() { Indicators = Rule("lattice-residual", new() { Severity = Consequence.Pass }) }, results)[0].Verdict);
        Assert.AreEqual(Verdict.Fail, Judge(new() { Indicators = Rule("lattice-residual", new() { Severity = Consequence.Warn }) }, results)[0].Verdict);
    }

    [TestMethod]
    public void A_waiver_holds_for_its_model_its_indicator_and_until_its_day()
    {
        Assert.IsFalse(WaivedBy("trigger-probe", _today)!.IsExpired, "the last day counts");
        Assert.IsTrue(WaivedBy("trigger-probe", _today.AddDays(-1))!.IsExpired);
        Assert.IsNull(WaivedBy("agreement", _today));
        Assert.IsNull(WaivedBy("trigger-probe", _today, new string('f', 64)));
    }

    [TestMethod]
    public void Of_two_waivers_the_later_counts()
    {
        var policy = new AuditPolicy { Waivers = [Waive("trigger-probe", _today.AddDays(-9)), Waive("trigger-probe", _today.AddDays(9))] };
        Assert.AreEqual(_today.AddDays(9), Judge(policy, Result("trigger-probe", 0.9, Verdict.Fail))[0].Waiver!.Expires);
    }

    [TestMethod]
    public void What_passes_needs_no_waiver() =>
        Assert.IsNull(Judge(new() { Waivers = [Waive("trigger-probe", _today)] }, Result("trigger-probe", 0.1, Verdict.Pass))[0].Waiver);

    private static AppliedWaiver? WaivedBy(string indicator, DateOnly expires, string model = PolicyTexts.Model) =>
        Judge(new() { Waivers = [Waive(indicator, expires) with { Model = model }] }, Result("trigger-probe", 0.9, Verdict.Fail))[0].Waiver;

    private static Waiver Waive(string indicator, DateOnly expires) => new(PolicyTexts.Model, indicator, "known", "R. Viewer", expires);

    private static Dictionary<string, IndicatorRule> Rule(string name, IndicatorRule rule) => new() { [name] = rule };

    private static IReadOnlyList<IndicatorResult> Judge(AuditPolicy policy, params IndicatorResult[] results) =>
        new PolicyVerdict(policy, PolicyTexts.Model, _today).Judge(results);

    private static IndicatorResult Result(string name, double figure, Verdict verdict) =>
        new(name, Lattice, verdict) { Statistic = figure, Threshold = 0.5, Advice = "-" };
}
