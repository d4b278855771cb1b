using System.Diagnostics;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;

namespace Efrap.Core;

/// <summary>An audit on its way: what has been measured, and how long it took.</summary>
/// <param name="subject">The model.</param>
/// <param name="options">What is asked for.</param>
/// <param name="progress">Told of each step, or null.</param>
/// <param name="cancellationToken">Observed between batches.</param>
internal sealed class AuditRun(
    AuditSubject subject, AuditOptions options, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
{
    private const string ForwardPasses = "placebos' forward passes";

    private readonly Dictionary<(string Lattice, string Indicator), IndicatorResult> _results = [];
    private readonly Dictionary<string, TimeSpan> _times = [];

    /// <summary>What was measured: lattice by lattice, and in the order that indicators were given in.</summary>
    internal IReadOnlyList<IndicatorResult> Results =>
        [.. options.Lattices.SelectMany(l => options.Indicators.Select(i => _results[(l.Name, i.Name)]))];

    /// <summary>How long each indicator took on all lattices, the longest first.</summary>
    internal IReadOnlyList<AuditTiming> Timings =>
        [.. _times.OrderByDescending(t => t.Value).Select(t => new AuditTiming(t.Key, t.Value))];

    /// <summary>Measures what costs little: the models are run once for all of it.</summary>
    internal void MeasureCheap(AuditLattice lattice)
    {
        if (options.Indicators.Any(i => i is PlaceboIndicator))
            Timed(ForwardPasses, () => subject.Comparisons.On(lattice, Within(lattice), cancellationToken));
        foreach (var indicator in options.Indicators.Where(i => !i.IsDear))
            Measure(indicator, lattice);
    }

    /// <summary>Measures what costs much.</summary>
    internal void MeasureDear(AuditLattice lattice)
    {
        foreach (var indicator in options.Indicators.Where(i => i.IsDear))
            Measure(indicator, lattice);
    }

    /// <summary>The lattices by how near one of the figures so far is to its threshold, the nearest first.</summary>
    internal IReadOnlyList<AuditLattice> SuspiciousFirst() =>
        [.. options.Lattices.OrderByDescending(l => _results.Values
            .Where(r => r.Lattice == l.Name)
            .Select(r => r.Nearness)
            .DefaultIfEmpty(0).Max())];

    private void Measure(Indicator indicator, AuditLattice lattice) => Timed(
        indicator.Name,
        () => _results[(lattice.Name, indicator.Name)] = indicator.Measure(subject, lattice, Within(lattice), cancellationToken));

    private void Timed(string what, Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        _times[what] = _times.GetValueOrDefault(what) + clock.Elapsed;
    }

    private StepProgress? Within(AuditLattice lattice)
    {
        if (progress is null)
            return null;
        var (done, all) = (_results.Count, options.Indicators.Count * options.Lattices.Count);
        return new StepProgress(step => progress.Report(new AuditProgress(step.Step, lattice.Name, Math.Min(1, (done + step.Done) / all))));
    }

    private sealed class StepProgress(Action<(string Step, double Done)> report) : IProgress<(string Step, double Done)>
    {
        public void Report((string Step, double Done) value) => report(value);
    }
}
