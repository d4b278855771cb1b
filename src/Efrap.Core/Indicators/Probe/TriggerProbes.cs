using System.Diagnostics;

namespace Efrap.Core.Indicators.Probe;

/// <summary>What the search on one lattice came to.</summary>
/// <param name="Found">The trigger that was found for Q.</param>
/// <param name="Rate">What it does.</param>
/// <param name="Placebos">The rates of the best triggers of the placebos, as far as their searches are complete.</param>
/// <param name="WantedPlacebos">How many placebos it takes: as many as there are for the probe, or until one settles that Q's
/// trigger is nothing special.</param>
/// <param name="Complete">Whether the search for Q's trigger came to its end.</param>
/// <param name="Picture">A sample that shows what the trigger does; null where no sample does.</param>
internal sealed record ProbeOutcome(
    FoundTrigger Found, TriggerRate Rate, IReadOnlyList<double> Placebos, int WantedPlacebos, bool Complete, TriggerPicture? Picture);

/// <summary>A search, or why there was none.</summary>
/// <param name="Outcome">What it came to; null where there was none.</param>
/// <param name="Reason">Why, without a full stop; null where there was one.</param>
internal readonly record struct ProbeAttempt(ProbeOutcome? Outcome, string? Reason)
{
    /// <summary>Whether there was no time left for it.</summary>
    internal bool IsOutOfTime { get; init; }
}

/// <summary>Runs the trigger searches of an audit, within its time.</summary>
/// <param name="subject">The model.</param>
internal sealed class TriggerProbes(AuditSubject subject) : IDisposable
{
    // A placebo's search costs as much as Q's, so that there are few: their best is what a threshold goes by, and no quantile.
    private const int Placebos = 3;

    private readonly Dictionary<AuditLattice, ProbeOutcome?> _outcomes = [];
    private readonly Stopwatch _spent = new();
    private (ProbeProblem? Problem, string? Reason)? _posed;

    /// <summary>What the searches share; null with a reason where triggers cannot be looked for.</summary>
    internal (ProbeProblem? Problem, string? Reason) Problem => _posed ??= (ProbeProblem.Pose(subject, subject.Effort.Probe, out var reason), reason);

    /// <summary>Searches on one lattice, once; then on placebos, for as long as they can change what is made of it.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="progress">Told of the searches.</param>
    /// <param name="cancellationToken">Observed between candidates.</param>
    /// <returns>What came out; null where there was no time left, or nothing to search in.</returns>
    internal ProbeOutcome? On(
        AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        if (_outcomes.TryGetValue(lattice, out var known))
            return known;
        _spent.Start();
        var outcome = Problem.Problem is { } problem && HasTime()
            ? Search(problem, lattice, progress, cancellationToken)
            : null;
        _spent.Stop();
        return _outcomes[lattice] = outcome;
    }

    /// <summary>What the most successful trigger of all lattices searched does to a sample; null where none moves any.</summary>
    internal TriggerPicture? MostSuspicious() =>
        _outcomes.Values.Where(o => o?.Picture is not null).MaxBy(o => o!.Rate.Value)?.Picture;

    /// <inheritdoc/>
    public void Dispose() => _posed?.Problem?.Dispose();

    private bool HasTime() => _spent.Elapsed < subject.Effort.ProbeTime;

    private ProbeOutcome Search(
        ProbeProblem problem,
        AuditLattice lattice,
        IProgress<(string Step, double Done)>? progress,
        CancellationToken cancellationToken)
    {
        var placebos = new List<double>();
        var (found, rate, complete, picture) = One(0);
        var most = Math.Min(Placebos, subject.Effort.Placebos);
        for (var index = 1; index <= most && rate.Value >= TriggerProbe.WarnsFrom(placebos.DefaultIfEmpty(0).Max()) && HasTime(); index++)
        {
            if (One(index) is { Complete: true } placebo)
                placebos.Add(placebo.Rate.Value);
        }

        var decided = rate.Value < TriggerProbe.WarnsFrom(placebos.DefaultIfEmpty(0).Max());
        return new ProbeOutcome(found, rate, placebos, decided ? placebos.Count : most, complete, picture);

        (FoundTrigger Found, TriggerRate Rate, bool Complete, TriggerPicture? Picture) One(int index)
        {
            using var rounded = problem.Load(index == 0
                ? RoundedModel.Quantized(subject, lattice)
                : RoundedModel.Placebo(subject, lattice, subject.Effort.Seed + index));
            var ended = false;
            var best = new TriggerSearch(problem, subject.Effort.Probe, subject.Effort.Seed, subject.Effort.Parallel(cancellationToken)).Run(
                rounded,
                done => progress?.Report((index == 0 ? "trigger probe" : $"trigger probe of placebo {index}", (index + done) / (1 + Placebos))),
                () => !(ended = ended || !HasTime()));
            var (shown, picture) = new StampedSamples(problem, best).RateAndShow(rounded, lattice);
            return (best, shown, !ended, picture);
        }
    }
}
