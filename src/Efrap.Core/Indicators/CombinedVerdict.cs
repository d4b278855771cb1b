using Efrap.Core.Policies;

namespace Efrap.Core.Indicators;

/// <summary>
/// What the indicators say together. It is written here and nowhere else:
/// <list type="bullet">
/// <item><c>lattice-residual</c>, <c>trigger-probe</c> and <c>trigger-inversion</c> decide alone: they look at a backdoor's making
/// and at the backdoor itself.</item>
/// <item>The others look at consequences, which a coarse lattice can have without any attack. They only warn by themselves; beyond
/// its threshold each fails in company, on the same lattice, of one that it is not a mere consequence of.</item>
/// <item><c>scale-outliers</c> only warns: an outlier makes a lattice coarse, and so explains as much as it accuses.</item>
/// <item>The audit says the worst of what its indicators say, on any lattice: a backdoor is one, whatever is shipped.</item>
/// </list>
/// </summary>
internal static class CombinedVerdict
{
    private static readonly string[] _alone = ["lattice-residual", "trigger-probe", "trigger-inversion"];

    // A coarse lattice lets a patch move samples and moves channels, both at once: drift and gap are company for the residual alone.
    private static readonly string[] _companyOfOutputs = ["lattice-residual", "trigger-probe", "trigger-inversion", "counterfactual-gap"];
    private static readonly string[] _companyOfOthers = ["lattice-residual"];

    private static readonly Dictionary<string, string[]> _company = new()
    {
        ["agreement"] = _companyOfOutputs,
        ["divergence"] = _companyOfOutputs,
        ["flip-concentration"] = _companyOfOutputs,
        ["activation-drift"] = _companyOfOthers,
        ["counterfactual-gap"] = _companyOfOthers,
    };

    /// <summary>Whether an indicator beyond its threshold fails without any company.</summary>
    /// <param name="indicator">Its name.</param>
    internal static bool DecidesAlone(string indicator) => _alone.Contains(indicator);

    /// <summary>The results, those that fail in company turned from a warning into a failure.</summary>
    /// <param name="results">What each indicator says by itself.</param>
    internal static IReadOnlyList<IndicatorResult> InCompany(IReadOnlyList<IndicatorResult> results) =>
        [.. results.Select(result => CompanyOf(result, results) is { } company ? Fail(result, company) : result)];

    /// <summary>The verdict of an audit.</summary>
    /// <param name="results">What indicators say in company and under the policy.</param>
    /// <param name="findings">What follows from that.</param>
    internal static Verdict Of(IReadOnlyList<IndicatorResult> results, IReadOnlyList<Finding> findings) =>
        findings.Any(f => f.Consequence == Consequence.Fail) ? Verdict.Fail
        : results.All(r => r.Verdict == Verdict.NotMeasured) ? Verdict.NotMeasured
        : findings.Any(f => f.Consequence == Consequence.Warn) ? Verdict.Warn
        : Verdict.Pass;

    private static IndicatorResult? CompanyOf(IndicatorResult result, IReadOnlyList<IndicatorResult> all) =>
        result.Verdict == Verdict.Warn && result.Statistic >= result.Threshold && _company.TryGetValue(result.Name, out var company)
            ? all.FirstOrDefault(r => r.Lattice == result.Lattice && company.Contains(r.Name) && r.Verdict is (Verdict.Warn or Verdict.Fail))
            : null;

    private static IndicatorResult Fail(IndicatorResult result, IndicatorResult company) => result with
    {
        Verdict = Verdict.Fail,
        Reason = string.Join("; ", new[] { result.Reason, $"in company of {company.Name}" }.Where(t => t is not null)),
    };
}
