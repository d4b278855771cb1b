using Efrap.Core.Quantization;

namespace Efrap.Core.Rounding;

/// <summary>Enough values of each activation that layers round, to find the range of least mean-squared error.</summary>
/// <param name="names">The activations.</param>
/// <param name="batchCount">The number of batches.</param>
internal sealed class RangeSamples(IEnumerable<string> names, int batchCount)
{
    // A range has two numbers: a quarter of a million values settle them.
    private const int MostValues = 1 << 18;

    private readonly Dictionary<string, Batch[]> _batches = names.Distinct().ToDictionary(n => n, _ => new Batch[batchCount]);

    /// <summary>The activations.</summary>
    internal IReadOnlyCollection<string> Names => _batches.Keys;

    /// <summary>Takes a fixed selection of a batch's values. Batches may come from several threads at once.</summary>
    internal void Add(string name, int batch, ReadOnlySpan<float> values)
    {
        var positions = OutputPositions.Select(values.Length, Math.Max(1, MostValues / batchCount), batch);
        var selected = new float[positions.Length];
        for (var i = 0; i < selected.Length; i++)
            selected[i] = values[positions[i]];
        _batches[name][batch] = new Batch(ActivationRange.Of(values), selected);
    }

    /// <summary>The grid of least mean-squared error; null where a value is NaN or infinite.</summary>
    /// <param name="name">The activation.</param>
    /// <param name="bits">8 or 4.</param>
    internal ActivationGrid? Grid(string name, int bits)
    {
        var range = _batches[name].Aggregate(ActivationRange.Empty, (all, batch) => all.Union(batch.Range));
        return range.IsFinite ? LeastErrorGrid.Of([.. _batches[name].SelectMany(b => b.Values)], range, bits) : null;
    }

    private readonly record struct Batch(ActivationRange Range, float[] Values);
}
