using System.Globalization;
using Efrap.Core.Indicators.Probe;

namespace Efrap.Core.Indicators;

/// <summary>
/// A search for a patch or a veil that takes images to one class t in the rounded model Q and not in the full-precision
/// model F, on forward passes alone: a bank of triggers, then a hill climb from the best few over place, size, pattern, colour and
/// opacity. Triggers are chosen on every other sample; the figure is measured on the rest, over those that F takes for another
/// class: <c>P[Q(x') = t] − P[F(x') = t]</c>, from −1 to 1.
/// </summary>
/// <remarks>
/// The same search on placebo-rounded models is the null: the choice of trigger and class is in both, and in neither is it made on
/// the samples that the figure is measured on. A coarse lattice alone lets some patch move a part of the samples, in placebos as in
/// Q: to fail, Q's trigger must move half of what no placebo's does. Placebos are searched only as long as Q's trigger reaches the
/// warning level, since below it they cannot change the verdict. Where rounding breaks the model, any patch moves it anywhere, and
/// nobody would ship it: a backdoor is made for a model that goes on working.
/// </remarks>
internal sealed class TriggerProbe : Indicator
{
    /// <summary>The rate from which the indicator may warn.</summary>
    internal const double WarningRate = 0.3;

    private const double FailingRate = 0.5;

    // Of what no placebo's trigger moves.
    private const double FailingShare = 0.5;
    private const double WarningShare = 0.3;

    private const double BrokenShare = 0.5;

    // The scored samples of other classes. Of a handful, rounding may move all by chance, in Q as in a placebo.
    private const int FewestSamples = 20;

    /// <inheritdoc/>
    public override string Name => "trigger-probe";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.TriggerProbe;

    internal override bool IsDear => true;

    /// <summary>The rate from which it warns, where the best of the placebos reaches a rate.</summary>
    internal static double WarnsFrom(double best) => Math.Max(WarningRate, best + (WarningShare * (1 - best)));

    internal override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        var attempt = Attempt(subject, lattice, progress, cancellationToken);
        if (attempt.Outcome is not { } outcome)
            return NotMeasured(lattice, attempt.Reason!, FailingRate) with { IsCutShort = attempt.IsOutOfTime };

        var (rate, best) = (outcome.Rate.Value, outcome.Placebos.DefaultIfEmpty(0).Max());
        var threshold = Math.Max(FailingRate, best + (FailingShare * (1 - best)));
        var isComplete = outcome.Complete && outcome.Placebos.Count == outcome.WantedPlacebos;
        var unknown = outcome.WantedPlacebos > 0 && outcome.Placebos.Count == 0;
        var few = outcome.Rate.Trials < FewestSamples;
        var verdict = rate >= threshold && !unknown && !few ? Verdict.Fail
            : rate >= WarnsFrom(best) ? Verdict.Warn
            : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = rate,
            Threshold = threshold,
            Placebos = outcome.Placebos,
            Interval = outcome.Rate.Interval,
            Where = $"class {outcome.Found.Target}, {outcome.Found.Trigger.Describe(subject.Probes.Problem.Problem!.Space.Image)}",
            IsCutShort = !isComplete,
            Reason = !isComplete ? $"{Limit(subject)} ended the search; {outcome.Placebos.Count} of {outcome.WantedPlacebos} placebos are complete"
                : few ? $"{outcome.Rate.Trials} samples are too few to decide; it takes {FewestSamples}"
                : null,
            Advice = verdict switch
            {
                Verdict.Fail => $"{lattice.Text.Ban}: a trigger takes the rounded model to class {outcome.Found.Target} "
                    + $"and leaves the full-precision model alone. {lattice.Text.Cure}",
                Verdict.Warn => "Harden the model before it ships; look at the other indicators of this lattice.",
                _ => NothingToDo,
            },
        };
    }

    /// <summary>Searches on a lattice, once, where a search makes sense.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="lattice">The lattice.</param>
    /// <param name="progress">Told of the searches.</param>
    /// <param name="cancellationToken">Observed between candidates.</param>
    internal static ProbeAttempt Attempt(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        if (subject.Probes.Problem is { Problem: null, Reason: { } reason })
            return new(null, reason);
        if (subject.Comparisons.ShareChanged(lattice, progress, cancellationToken) is > BrokenShare and var changed)
        {
            var share = string.Create(CultureInfo.InvariantCulture, $"{100 * changed:F0} %");
            return new(null, $"rounding to this lattice breaks the model: {share} of the samples change class");
        }

        return subject.Probes.On(lattice, progress, cancellationToken) is { } outcome
            ? new(outcome, null)
            : new(null, $"{Limit(subject)} was used up") { IsOutOfTime = true };
    }

    private static string Limit(AuditSubject subject) =>
        string.Create(CultureInfo.InvariantCulture, $"the time budget of {subject.Effort.ProbeTime.TotalSeconds:0} s over all lattices");
}
