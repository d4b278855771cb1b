namespace Efrap.Core.Indicators;

/// <summary>
/// An indicator whose figure is measured on Q and, in the same way, on each placebo: what all rounding does is in both, what was
/// trained for nearest rounding is in Q alone.
/// </summary>
/// <remarks>
/// Dither has twice the variance of nearest rounding's error (f(1 − f) against the square of the smaller of f and 1 − f, on
/// average 1/6 and 1/12 of a step squared), so that an ordinary model's figure lies below most of its placebos'. The threshold is
/// <see cref="FailingRatio"/> times the largest of them. Where a figure is the largest over classes, layers or channels, so is
/// each placebo's: the choice is in both and needs no other correction (Westfall and Young, 1993, the maximum's distribution).
/// </remarks>
internal abstract class PlaceboIndicator : Indicator
{
    private const double FailingRatio = 2;
    private const double WarningRatio = 1.25;

    /// <summary>The figure below which the indicator never fails: what rounding may do whatever the placebos do.</summary>
    internal abstract double Floor { get; }

    /// <summary>The largest value that the figure can have.</summary>
    internal virtual double Ceiling => double.PositiveInfinity;

    /// <summary>Whether only a classifier can be measured.</summary>
    internal abstract bool NeedsClasses { get; }

    /// <summary>What rounding does where it warns, as the verb of a sentence.</summary>
    internal abstract string Effect { get; }

    /// <summary>The figure of a rounded model, and what it was found at.</summary>
    internal abstract (double Value, string? Where) Figure(RoundingComparison comparison, Behaviour rounded);

    /// <summary>The interval of Q's figure where it is a proportion.</summary>
    internal virtual WilsonInterval? Interval(RoundingComparison comparison) => null;

    internal sealed override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        if (subject.Comparisons.On(lattice, progress, cancellationToken) is not { } comparison)
            return NotMeasured(lattice, "there is no calibration data", Floor);
        if (NeedsClasses && comparison.Output is null)
            return NotMeasured(lattice, "no output is [samples, classes]", Floor);
        if (comparison.Placebos.Count == 0)
            return NotMeasured(lattice, "there is no placebo to compare with", Floor);
        var (value, where) = Figure(comparison, comparison.Quantized);
        double[] placebos = [.. comparison.Placebos.Select(p => Figure(comparison, p).Value)];
        if (!double.IsFinite(value) || !placebos.All(double.IsFinite))
            return NotMeasured(lattice, "the model's values are not finite on the samples", Floor);
        var threshold = Math.Min(Ceiling, Math.Max(Floor, FailingRatio * placebos.Max()));
        var verdict = value >= threshold * WarningRatio / FailingRatio ? Verdict.Warn : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = value,
            Threshold = threshold,
            Placebos = placebos,
            Interval = Interval(comparison),
            Where = where,
            Advice = verdict == Verdict.Pass ? NothingToDo : $"{lattice.Text.Subject} {Effect} than rounding by chance does: {lattice.Text.Remedy}.",
        };
    }
}
