using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>What the full-precision model, the rounded one and the placebos do on the same samples.</summary>
/// <param name="Output">The classes; null where the model is no classifier.</param>
/// <param name="Layers">The layers that the moments belong to.</param>
/// <param name="FullPrecision">F.</param>
/// <param name="Quantized">Q.</param>
/// <param name="Placebos">The placebos, in the order of their seeds.</param>
internal sealed record RoundingComparison(
    ClassOutput? Output, IReadOnlyList<QuantizableLayer> Layers, Behaviour FullPrecision, Behaviour Quantized, IReadOnlyList<Behaviour> Placebos)
{
    // A channel that hardly moves on any sample has no scale to measure by.
    private const double SmallestShareOfLayer = 1e-3;

    /// <summary>The number of samples that a rounded model takes for another class than F.</summary>
    internal int Changed(Behaviour rounded) => rounded.Classes.Zip(FullPrecision.Classes).Count(pair => pair.First != pair.Second);

    /// <summary>The largest <c>|μ_Q − μ_F| / σ_F</c> over a layer's output channels, and the channel; 0 where no channel has a scale to
    /// measure by, not a number where some value is none.</summary>
    internal (double Value, int Channel) Drift(Behaviour rounded, int layer)
    {
        var (f, q) = (FullPrecision.Channels[layer], rounded.Channels[layer]);
        var channels = Layers[layer].Weights.Rows;
        var smallest = SmallestShareOfLayer * Enumerable.Range(0, channels).Max(f.Deviation);
        var (worst, where) = (0.0, 0);
        for (var channel = 0; channel < channels; channel++)
        {
            var drift = Math.Abs(q.Mean(channel) - f.Mean(channel)) / f.Deviation(channel);
            if (!(f.Deviation(channel) <= smallest) && (drift > worst || double.IsNaN(drift)))
                (worst, where) = (drift, channel);
        }

        return (worst, where);
    }
}

/// <summary>Runs F, Q and the placebos on the samples, once for all indicators that only look at what comes out.</summary>
/// <param name="subject">The model.</param>
internal sealed class RoundingComparisons(AuditSubject subject)
{
    // Multiplications of one lattice's models on all their samples: some ten seconds on two cores. A larger model is compared
    // on fewer samples, and how many does not depend on the machine.
    private const double LargestWork = 3e11;
    private const int FewestSamples = 16;

    private (ClassOutput? Output, int Batches)? _plan;
    private Behaviour? _fullPrecision;
    private readonly Dictionary<AuditLattice, double> _changed = [];
    private (AuditLattice Lattice, RoundingComparison Comparison)? _last;

    /// <summary>The classes; null where the model is no classifier. Only where there are samples.</summary>
    internal ClassOutput? Output => (_plan ??= Plan(subject.Samples!)).Output;

    /// <summary>The comparison on one lattice; null where there are no samples.</summary>
    internal RoundingComparison? On(
        AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        if (subject.Samples is not { } samples)
            return null;
        if (_last is { } last && last.Lattice == lattice)
            return last.Comparison;
        var (output, batches) = _plan ??= Plan(samples);
        _fullPrecision ??= Behaviour.Of(subject.Graph, output, subject.Layers, samples, batches, cancellationToken);
        var models = new Behaviour[subject.Effort.Placebos + 1];
        var done = 0;
        Batches.ForEach(models.Length, subject.Effort.Parallel(cancellationToken), i =>
        {
            var rounded = i == 0
                ? RoundedModel.Quantized(subject, lattice)
                : RoundedModel.Placebo(subject, lattice, subject.Effort.Seed + i);
            models[i] = Behaviour.Of(rounded, output, subject.Layers, samples, batches, cancellationToken);
            progress?.Report(("placebos", (double)Interlocked.Increment(ref done) / models.Length));
        });
        var comparison = new RoundingComparison(output, subject.Layers, _fullPrecision, models[0], models[1..]);
        _last = (lattice, comparison);
        for (var i = 0; i < subject.Layers.Count; i++)
            subject.LayerFigures.Add(lattice, subject.Layers[i], comparison.Drift(comparison.Quantized, i).Value);
        _changed[lattice] = output is null ? 0 : (double)comparison.Changed(models[0]) / models[0].Classes.Length;
        return comparison;
    }

    /// <summary>The share of samples that Q takes for another class than F; 0 where there are no samples or no classes.</summary>
    internal double ShareChanged(AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        if (!_changed.ContainsKey(lattice))
            On(lattice, progress, cancellationToken);
        return _changed.GetValueOrDefault(lattice);
    }

    private (ClassOutput? Output, int Batches) Plan(CalibrationSet samples)
    {
        var outputs = subject.Graph.Model.Proto.Graph.Output.Select(o => o.Name).ToList();
        var values = subject.Layers.Select(l => l.Output).Concat(outputs).Distinct().ToList();
        using var runner = new ModelRunner(subject.Graph, values);
        var first = samples.GetBatch(0);
        var count = first.Count == 0 ? 1 : first[0].Shape[0];
        ClassOutput? output = null;
        var work = 0.0;
        OrtTensors.Lend(first, feeds => runner.Run(feeds, results =>
        {
            output = outputs
                .Select(name => ClassOutput.Recognize(name, results[values.IndexOf(name)], count))
                .FirstOrDefault(o => o is not null);
            work = subject.Layers.Sum(layer =>
                (double)results[values.IndexOf(layer.Output)].GetTensorTypeAndShape().ElementCount * layer.Weights.Columns);
        }));

        var affordable = (int)Math.Min(int.MaxValue, LargestWork / (subject.Effort.Placebos + 1) / Math.Max(1, work));
        var fewest = (FewestSamples + samples.BatchSize - 1) / samples.BatchSize;
        return (output, Math.Clamp(affordable, Math.Min(fewest, samples.BatchCount), samples.BatchCount));
    }
}
