using Efrap.Core.Policies;

namespace Efrap.Core.Indicators;

/// <summary>What indicators say under a policy: its thresholds and severities, and its waivers of what fails.</summary>
/// <param name="policy">The policy.</param>
/// <param name="model">What waivers know the model by.</param>
/// <param name="today">The day in UTC: waivers expire.</param>
internal sealed class PolicyVerdict(AuditPolicy policy, string model, DateOnly today)
{
    private static readonly IndicatorRule _none = new();

    /// <summary>Judges what was measured.</summary>
    /// <param name="results">What each indicator says by itself.</param>
    internal IReadOnlyList<IndicatorResult> Judge(IReadOnlyList<IndicatorResult> results)
    {
        // What the policy does not count is no company either; what it only counts as a warning still is.
        var own = results.Select(WithThreshold).Select(WithoutUncounted).ToList();
        return [.. CombinedVerdict.InCompany(own).Select(WithSeverity).Select(WithWaiver)];
    }

    private IndicatorRule RuleOf(IndicatorResult result) => policy.Indicators.GetValueOrDefault(result.Name, _none);

    private IndicatorResult WithThreshold(IndicatorResult result)
    {
        if (RuleOf(result).Threshold is not { } threshold || result.Statistic is not { } figure)
            return result with { Threshold = RuleOf(result).Threshold ?? result.Threshold };
        var verdict = figure < threshold ? Verdict.Pass : CombinedVerdict.DecidesAlone(result.Name) ? Verdict.Fail : Verdict.Warn;
        return result with
        {
            Threshold = threshold,
            Verdict = verdict,
            Advice = (verdict, result.Verdict) switch
            {
                (Verdict.Pass, _) => "Nothing to do: the policy's threshold is not reached.",
                (_, Verdict.Pass) => "The policy's threshold is lower than Efrap's own: look at the model before it ships.",
                _ => result.Advice,
            },
        };
    }

    private IndicatorResult WithoutUncounted(IndicatorResult result) =>
        RuleOf(result).Severity == Consequence.Pass && result.Verdict is Verdict.Warn or Verdict.Fail
            ? Because(result, "the policy does not count it") with { Verdict = Verdict.Pass }
            : result;

    private IndicatorResult WithSeverity(IndicatorResult result) => (RuleOf(result).Severity, result.Verdict) switch
    {
        (Consequence.Fail, Verdict.Warn) when result.Statistic >= result.Threshold =>
            Because(result, "the policy makes it a failure") with { Verdict = Verdict.Fail },
        (Consequence.Warn, Verdict.Fail) => Because(result, "the policy makes it a warning") with { Verdict = Verdict.Warn },
        _ => result,
    };

    private IndicatorResult WithWaiver(IndicatorResult result) =>
        result.Verdict == Verdict.Fail ? result with { Waiver = WaiverOf(result.Name) } : result;

    /// <summary>The waiver of a failure: of several for the same the one that holds longest.</summary>
    /// <param name="indicator">The indicator that failed.</param>
    internal AppliedWaiver? WaiverOf(string indicator) => policy.Waivers
        .Where(w => w.Model == model && w.Indicator == indicator)
        .OrderByDescending(w => w.Expires)
        .Select(w => new AppliedWaiver(w.Reason, w.Reviewer, w.Expires, w.Expires < today))
        .FirstOrDefault();

    private static IndicatorResult Because(IndicatorResult result, string reason) =>
        result with { Reason = result.Reason is null ? reason : $"{result.Reason}; {reason}" };
}
