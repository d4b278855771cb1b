using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Evidence;

/// <summary>What one indicator says on all lattices.</summary>
/// <param name="Results">Its results, at least one, in the report's order.</param>
internal sealed record IndicatorGroup(IReadOnlyList<IndicatorResult> Results)
{
    /// <summary>The indicator.</summary>
    internal string Name => Results[0].Name;

    /// <summary>The result with the worst verdict; among equal ones that whose figure is nearest to its threshold, or furthest beyond.</summary>
    internal IndicatorResult Worst { get; } = Results.MaxBy(r => (Severity(r.Verdict), r.Nearness))!;

    /// <summary>The waiver of its failures; null where nothing failed or nobody accepted it.</summary>
    internal AppliedWaiver? Waiver => Results.FirstOrDefault(r => r.Waiver is not null)?.Waiver;

    /// <summary>Whether its failures are accepted.</summary>
    internal bool IsWaived => Waiver is { IsExpired: false };

    /// <summary>The indicators of a report, in its order.</summary>
    internal static IReadOnlyList<IndicatorGroup> Of(AuditReport report) =>
        [.. report.Indicators.GroupBy(i => i.Name).Select(g => new IndicatorGroup([.. g]))];

    /// <summary>How bad a verdict is: what could not be measured says nothing.</summary>
    internal static int Severity(Verdict verdict) => verdict switch
    {
        Verdict.Fail => 3,
        Verdict.Warn => 2,
        Verdict.Pass => 1,
        _ => 0,
    };
}
