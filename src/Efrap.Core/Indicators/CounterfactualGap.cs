using Efrap.Core.Indicators.Probe;
using Efrap.Core.Inference;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Indicators;

/// <summary>
/// What the trigger that the probe found loses when the model is hardened instead of rounded as it is:
/// <c>P[Q(x') = t] − P[H(x') = t]</c>, from −1 to 1, on the samples that the probe is scored on; H is rounded by EFRAP with the
/// default activation budget, on the same lattice. A difference and not a ratio: a hardened model's rate is often 0.
/// </summary>
/// <remarks>
/// Its placebos are all R placebo models under the same trigger. A patch that any coarse rounding gives in to works on them, too;
/// a backdoor that was trained for nearest rounding works neither on them nor on H as it does on Q.
/// </remarks>
internal sealed class CounterfactualGap : Indicator
{
    private const double FailingGap = 0.5;

    // Of what the trigger loses on no placebo.
    private const double FailingShare = 0.5;

    /// <inheritdoc/>
    public override string Name => "counterfactual-gap";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.CounterfactualGap;

    internal override bool IsDear => true;

    internal override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        var attempt = TriggerProbe.Attempt(subject, lattice, progress, cancellationToken);
        if (attempt.Outcome is not { } outcome)
            return NotMeasured(lattice, attempt.Reason!, FailingGap);
        if (outcome.Rate.Value < TriggerProbe.WarningRate)
            return NotMeasured(lattice, "the trigger probe found nothing to compare", FailingGap);

        var stamped = new StampedSamples(subject.Probes.Problem.Problem!, outcome.Found);
        var hardened = stamped.Rate(RoundedModel.Of(subject, lattice, Harden(subject, lattice, progress, cancellationToken)));
        var placebos = new double[subject.Effort.Placebos];
        Batches.ForEach(placebos.Length, subject.Effort.Parallel(cancellationToken), i =>
            placebos[i] = stamped.Rate(RoundedModel.Placebo(subject, lattice, subject.Effort.Seed + i + 1)).OfRounded - hardened.OfRounded);
        return Judge(lattice, outcome, hardened, placebos);
    }

    private IndicatorResult Judge(AuditLattice lattice, ProbeOutcome outcome, TriggerRate hardened, double[] placebos)
    {
        var gap = outcome.Rate.OfRounded - hardened.OfRounded;
        var best = Math.Max(0, placebos.DefaultIfEmpty(0).Max());
        var threshold = Math.Max(FailingGap, best + (FailingShare * (1 - best)));
        var verdict = gap >= threshold ? Verdict.Warn : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = gap,
            Threshold = threshold,
            Placebos = placebos,
            Interval = WilsonInterval.OfDifference(outcome.Rate.Rounded, hardened.Rounded, hardened.Trials),
            Where = $"class {outcome.Found.Target}: {outcome.Rate.Rounded} of {hardened.Trials} samples {lattice.Text.Rounded}, {hardened.Rounded} hardened",
            Advice = verdict == Verdict.Pass
                ? NothingToDo
                : $"Hardening takes away what the trigger does to the {lattice.Text.Kind} model: ship the hardened model, not the {lattice.Text.Kind} one.",
        };
    }

    private static Dictionary<string, bool[]> Harden(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        var settings = new SweepSettings(Precision.Int8Weights, Solver.Budget, HardenOptions.DefaultBudget, subject.Effort.Threads);
        settings = lattice is CommonLattice common
            ? settings with { Precision = common.Bits == 4 ? Precision.Int4Weights : Precision.Int8Weights, Granularity = common.Granularity }
            : settings with { Lattice = layer => lattice.Of(subject, layer) };
        IReadOnlyList<QuantizableLayer> layers = [.. lattice.LayersOf(subject)];
        using var sweep = new HardeningSweep(subject.Graph, layers, subject.Samples!, settings);
        var up = new Dictionary<string, bool[]>();
        sweep.Run(
            (layer, rounding, _) =>
            {
                up.TryAdd(layer.Weight, rounding.Up);
                progress?.Report(("hardening", (double)up.Count / layers.Count));
            },
            cancellationToken);
        return up;
    }
}
