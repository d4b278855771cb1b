using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Policies;

namespace Efrap.Core.Indicators;

/// <summary>Says what follows from an audit's figures, one finding for each indicator whatever the number of lattices.</summary>
/// <param name="policy">The policy, with nothing left to its profile.</param>
/// <param name="verdict">Knows its waivers.</param>
internal sealed class Findings(AuditPolicy policy, PolicyVerdict verdict)
{
    /// <summary>What was looked at in a quantized model; null where the model is full-precision.</summary>
    internal AuditedIntegers? Integers { get; init; }

    /// <summary>The findings, failures first.</summary>
    /// <param name="results">What indicators say under the policy.</param>
    /// <param name="indicators">The indicators that were asked for.</param>
    /// <param name="hasSamples">Whether there was calibration data.</param>
    internal IReadOnlyList<Finding> Of(IReadOnlyList<IndicatorResult> results, IReadOnlyList<Indicator> indicators, bool hasSamples) =>
    [
        .. OfIndicators(results, indicators)
            .Concat(OfRequired(results))
            .Concat(OfCalibration(hasSamples))
            .Concat(OfTime(results))
            .Concat(OfIntegers())
            .OrderByDescending(f => f.Consequence),
    ];

    private static IEnumerable<Finding> OfIndicators(IReadOnlyList<IndicatorResult> results, IReadOnlyList<Indicator> indicators)
    {
        foreach (var indicator in indicators)
        {
            var all = results.Where(r => r.Name == indicator.Name).ToList();
            if (all.Any(r => r.Verdict == Verdict.Fail))
                yield return Failed(indicator, [.. all.Where(r => r.Verdict == Verdict.Fail)]);
            else if (all.Any(r => r.Verdict == Verdict.Warn))
                yield return Warned(indicator, [.. all.Where(r => r.Verdict == Verdict.Warn)]);
        }
    }

    private static Finding Failed(Indicator indicator, IReadOnlyList<IndicatorResult> results)
    {
        var worst = Worst(results);
        var text = $"{Figure(worst)} and fails from {Number(worst.Threshold)}{Where(worst)}{Others(results, worst)}.";
        return Waivable(indicator.Code, text, worst.Advice, indicator.Name, worst.Waiver);
    }

    private static Finding Warned(Indicator indicator, IReadOnlyList<IndicatorResult> results)
    {
        var worst = Worst(results);
        var beyond = worst.Statistic >= worst.Threshold ? "beyond its threshold of" : "suspicious, though below its threshold of";
        var text = $"{Figure(worst)}, {beyond} {Number(worst.Threshold)}{Where(worst)}{Others(results, worst)}. {worst.Advice}";
        return new Finding(indicator.Code, Consequence.Warn, text) { Indicator = indicator.Name };
    }

    private IEnumerable<Finding> OfRequired(IReadOnlyList<IndicatorResult> results)
    {
        foreach (var name in policy.Indicators.Where(r => r.Value.Required).Select(r => r.Key))
        {
            var all = results.Where(r => r.Name == name).ToList();
            if (all.Any(r => r.Verdict != Verdict.NotMeasured))
                continue;
            var text = $"the policy requires {name}, which {(all.Count == 0 ? "was not asked for" : $"was not measured on any lattice: {all[0].Reason}")}.";
            yield return Waivable(EfrapCode.NotMeasured, text, string.Empty, name, verdict.WaiverOf(name));
        }
    }

    private IEnumerable<Finding> OfCalibration(bool hasSamples)
    {
        if (!hasSamples && policy.WithoutCalibration is Consequence.Warn or Consequence.Fail)
        {
            yield return new Finding(
                EfrapCode.NotMeasured,
                policy.WithoutCalibration.Value,
                "there is no calibration data, so that only the weights were looked at: give samples of the model's input.");
        }
    }

    private IEnumerable<Finding> OfTime(IReadOnlyList<IndicatorResult> results) => results
        .Where(r => r.IsCutShort)
        .GroupBy(r => r.Name)
        .Select(g => new Finding(
            EfrapCode.NotMeasured,
            policy.Profile == PolicyProfile.Strict ? Consequence.Fail : Consequence.Warn,
            $"its time budget ended {g.Key} on {string.Join(", ", g.Select(r => r.Lattice))}: give it more time, or the audit fewer lattices or samples.")
        {
            Indicator = g.Key,
        });

    // What is no rounding of the source's weights may be anything.
    private IEnumerable<Finding> OfIntegers()
    {
        if (Integers is not { Unmatched: [var first, ..] unmatched })
            yield break;
        yield return new Finding(
            EfrapCode.NotMeasured,
            policy.Profile == PolicyProfile.Strict ? Consequence.Fail : Consequence.Warn,
            $"{unmatched.Count} of {Integers.Weights + unmatched.Count} quantized weights were not compared with the source; "
            + $"the first: {first.Name}, {first.Reason}.");
    }

    private static IndicatorResult Worst(IReadOnlyList<IndicatorResult> results) => results.MaxBy(r => r.Nearness)!;

    private static string Figure(IndicatorResult result) => $"{result.Name} is {Number(result.Statistic)} on {result.Lattice}";

    private static string Where(IndicatorResult result)
    {
        var details = string.Join("; ", new[] { result.Where, result.Reason }.Where(t => t is not null));
        return details.Length == 0 ? string.Empty : $" ({details})";
    }

    private static string Others(IReadOnlyList<IndicatorResult> results, IndicatorResult worst) => results.Count == 1
        ? string.Empty
        : $", also on {string.Join(", ", results.Where(r => r != worst).Select(r => $"{r.Lattice} ({Number(r.Statistic)})"))}";

    private static Finding Waivable(EfrapCode code, string text, string advice, string indicator, AppliedWaiver? waiver) => waiver switch
    {
        { IsExpired: false } => new Finding(
            EfrapCode.Waived, Consequence.Warn, $"{text} Waived until {Day(waiver)} by {waiver.Reviewer}: {waiver.Reason}")
        {
            Indicator = indicator,
            Waiver = waiver,
        },
        { } => new Finding(code, Consequence.Fail, $"{text} Its waiver by {waiver.Reviewer} expired on {Day(waiver)}. {advice}".TrimEnd())
        {
            Indicator = indicator,
            Waiver = waiver,
        },
        null => new Finding(code, Consequence.Fail, $"{text} {advice}".TrimEnd()) { Indicator = indicator },
    };

    private static string Day(AppliedWaiver waiver) => waiver.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "unknown";
}
