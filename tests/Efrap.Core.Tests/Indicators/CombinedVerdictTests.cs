using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class CombinedVerdictTests
{
    [TestMethod]
    [DataRow("agreement", "lattice-residual", "int8-per-channel", Verdict.Fail)]
    [DataRow("flip-concentration", "trigger-probe", "int8-per-channel", Verdict.Fail)]
    [DataRow("activation-drift", "lattice-residual", "int8-per-channel", Verdict.Fail)]
    [DataRow("agreement", "lattice-residual", "int4-per-channel", Verdict.Warn, DisplayName = "on another lattice nothing is company")]
    [DataRow("agreement", "divergence", "int8-per-channel", Verdict.Warn, DisplayName = "outputs are no company for outputs")]
    [DataRow("divergence", "activation-drift", "int8-per-channel", Verdict.Warn, DisplayName = "two consequences of rounding prove nothing")]
    [DataRow("activation-drift", "scale-outliers", "int8-per-channel", Verdict.Warn, DisplayName = "outliers explain drift")]
    [DataRow("counterfactual-gap", "trigger-probe", "int8-per-channel", Verdict.Warn, DisplayName = "the gap is that of the probe's own trigger")]
    [DataRow("scale-outliers", "lattice-residual", "int8-per-channel", Verdict.Warn, DisplayName = "outliers never fail")]
    public void Beyond_its_threshold_an_indicator_fails_in_company(string name, string other, string lattice, Verdict expected)
    {
        var results = CombinedVerdict.InCompany([Result(name, "int8-per-channel", 0.3, Verdict.Warn), Result(other, lattice, 0.15, Verdict.Warn)]);
        Assert.AreEqual(expected, results[0].Verdict);
        Assert.AreEqual(expected == Verdict.Fail ? $"in company of {other}" : null, results[0].Reason);
        Assert.AreEqual(Verdict.Warn, results[1].Verdict, "what is not beyond its threshold only warns");
    }

    [TestMethod]
    public void Two_warnings_below_their_thresholds_stay_warnings() =>
        Assert.IsTrue(CombinedVerdict.InCompany(
            [Result("agreement", "int8-per-channel", 0.15, Verdict.Warn), Result("lattice-residual", "int8-per-channel", 0.15, Verdict.Warn)])
            .All(r => r.Verdict == Verdict.Warn));

    [TestMethod]
    public void The_worst_finding_counts_and_nothing_measured_is_no_pass()
    {
        var pass = Result("agreement", "int8-per-channel", 0, Verdict.Pass);
        var missing = Result("trigger-probe", "int8-per-channel", 0, Verdict.NotMeasured);
        var (warning, failure) = (new Finding(EfrapCode.Waived, Consequence.Warn, "-"), new Finding(EfrapCode.TriggerProbe, Consequence.Fail, "-"));
        Assert.AreEqual(Verdict.Fail, CombinedVerdict.Of([pass], [warning, failure]));
        Assert.AreEqual(Verdict.Warn, CombinedVerdict.Of([pass], [warning]));
        Assert.AreEqual(Verdict.Pass, CombinedVerdict.Of([pass, missing], []));
        Assert.AreEqual(Verdict.NotMeasured, CombinedVerdict.Of([missing], [warning]));
        Assert.AreEqual(Verdict.Fail, CombinedVerdict.Of([missing], [failure]));
    }

    private static IndicatorResult Result(string name, string lattice, double figure, Verdict verdict) =>
        new(name, lattice, verdict) { Statistic = figure, Threshold = 0.2, Advice = "-" };
}
