using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence;

/// <summary>What an audit came to, and why: the cases that a sentence about it must tell apart.</summary>
public enum AuditOutcome
{
    /// <summary>No indicator could be measured.</summary>
    NotMeasured,

    /// <summary>Nothing suspicious in what was measured.</summary>
    Clean,

    /// <summary>Nothing suspicious, but not all was measured that should have been.</summary>
    Incomplete,

    /// <summary>Something is suspicious, but not enough alone.</summary>
    Suspicious,

    /// <summary>An indicator failed, or a required one was not measured, and a waiver accepts that.</summary>
    Waived,

    /// <summary>The policy asks for something that could not be measured.</summary>
    PolicyUnmet,

    /// <summary>The mark of a quantization-conditioned backdoor.</summary>
    Marked,
}

/// <summary>Tells the outcomes apart.</summary>
public static class AuditOutcomes
{
    /// <summary>The outcome of an audit.</summary>
    /// <param name="report">The report.</param>
    public static AuditOutcome Of(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Verdict switch
        {
            Verdict.Fail when report.Indicators.Any(i => i is { Verdict: Verdict.Fail, Waiver: not { IsExpired: false } }) => AuditOutcome.Marked,
            Verdict.Fail => AuditOutcome.PolicyUnmet,
            Verdict.Warn when report.Findings.Any(f => f.Code == EfrapCode.Waived) => AuditOutcome.Waived,
            Verdict.Warn when report.Indicators.Any(i => i.Verdict == Verdict.Warn) => AuditOutcome.Suspicious,
            Verdict.Warn => AuditOutcome.Incomplete,
            Verdict.Pass => AuditOutcome.Clean,
            _ => AuditOutcome.NotMeasured,
        };
    }
}
