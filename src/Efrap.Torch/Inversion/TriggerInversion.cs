using System.Diagnostics;
using System.Globalization;
using Efrap.Core;
using Efrap.Core.Indicators;
using Efrap.Core.Inference;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>
/// Differential trigger inversion (DESIGN 6): per class t, one trigger is learned that moves the rounded model Q to t
/// while the full-precision model F keeps its own prediction. The statistic is the largest rate over the classes, on samples
/// that the trigger was not learned on: <c>P[Q(x') = t, F(x') = F(x) | F(x) ≠ t]</c>.
/// </summary>
/// <remarks>
/// The same search on placebo-rounded models, each with the largest rate over its own classes, is the null: so the choice of
/// the best class is in both and needs no correction. It fails where the rate exceeds every placebo's by far.
/// </remarks>
public sealed class TriggerInversion : Indicator
{
    private readonly TriggerInversionOptions _options;

    /// <summary>Sets the indicator up.</summary>
    /// <param name="options">Its settings; null for the defaults.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>, or <see cref="EfrapCode.NativeLibraryMissing"/>
    /// where TorchSharp cannot be loaded.</exception>
    public TriggerInversion(TriggerInversionOptions? options = null)
    {
        _options = options ?? new TriggerInversionOptions();
        _options.Check();
        TorchRuntime.Require();
    }

    /// <inheritdoc/>
    public override string Name => "trigger-inversion";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.TriggerInversion;

    internal override bool IsDear => true;

    internal override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        // Torch's sums depend on the number of its threads, and a result must not depend on the machine's.
        set_num_threads(1);
        var posed = subject.Once(this, () => InversionProblem.Pose(subject, _options, cancellationToken));
        if (posed.Problem is not { } problem)
            return NotMeasured(lattice, posed.Reason!, _options.Threshold);
        var clock = Stopwatch.StartNew();
        var searches = Search(problem, subject, lattice, clock, progress, cancellationToken);
        return searches[0] is { Complete: false, Scores.Count: 0 }
            ? NotMeasured(lattice, $"no class could be searched within {_options.TimeBudget.TotalSeconds:0} s", _options.Threshold) with { IsCutShort = true }
            : Judge(lattice, searches);
    }

    // Q first: where time runs out, the placebos are what is cut short.
    private SearchResult[] Search(
        InversionProblem problem,
        AuditSubject subject,
        AuditLattice lattice,
        Stopwatch clock,
        IProgress<(string Step, double Done)>? progress,
        CancellationToken cancellationToken)
    {
        var results = new SearchResult[_options.Placebos + 1];
        var steps = 0;
        var all = problem.StepCount * results.Length;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = SettingRanges.ThreadsOf(_options.Threads),
            CancellationToken = cancellationToken,
        };
        Batches.ForEach(results.Length, options, i =>
        {
            using var scope = NewDisposeScope();
            var rounded = i == 0 ? RoundedModel.Quantized(subject, lattice) : RoundedModel.Placebo(subject, lattice, _options.Seed + i);
            var complete = true;
            var scores = problem.Search(
                rounded,
                () => progress?.Report(("trigger inversion", Math.Min(1, (double)Interlocked.Increment(ref steps) / all))),
                () => complete = complete && clock.Elapsed < _options.TimeBudget,
                cancellationToken);
            results[i] = new SearchResult(scores, complete);
        });
        return results;
    }

    private IndicatorResult Judge(AuditLattice lattice, SearchResult[] searches)
    {
        // A placebo that time cut short says less than it could: it would make the model look worse than it is.
        var placebos = searches.Skip(1).Where(s => s.Complete).Select(s => s.Rate).ToArray();
        var unknown = placebos.Length == 0 && _options.Placebos > 0;
        var best = searches[0].Scores is [var first, ..] ? first : null;
        var rate = searches[0].Rate;
        var threshold = Limit(placebos, part: 1);
        var verdict = rate >= threshold && !unknown ? Verdict.Fail
            : rate >= Limit(placebos, _options.WarningPart) ? Verdict.Warn
            : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = rate,
            Threshold = threshold,
            Placebos = placebos,
            Interval = best is { Trials: > 0 } ? WilsonInterval.Of(best.Successes, best.Trials) : null,
            Where = best is null ? null : string.Create(CultureInfo.InvariantCulture, $"class {best.Target}, {best.Trigger}"),
            IsCutShort = !searches.All(s => s.Complete),
            Reason = searches.All(s => s.Complete) ? null
                : $"the time budget of {_options.TimeBudget.TotalSeconds:0} s ended the search; {placebos.Length} of {_options.Placebos} placebos are complete",
            Advice = verdict switch
            {
                Verdict.Fail => $"{lattice.Text.Ban}: a trigger takes the rounded model to class {best!.Target} "
                    + $"and leaves the full-precision model alone. {lattice.Text.Cure}",
                Verdict.Warn => "Harden the model before it ships; look at the other indicators of this lattice.",
                _ => "Nothing to do.",
            },
        };
    }

    private double Limit(double[] placebos, double part)
    {
        var possible = placebos.DefaultIfEmpty(0).Max();
        return Math.Max(part * _options.Threshold, possible + (part * _options.ShareBeyondPlacebos * (1 - possible)));
    }

    private readonly record struct SearchResult(IReadOnlyList<ClassScore> Scores, bool Complete)
    {
        // No trigger that moves any sample is a result, too.
        public double Rate => Scores is [var best, ..] ? best.Rate : 0;
    }
}
