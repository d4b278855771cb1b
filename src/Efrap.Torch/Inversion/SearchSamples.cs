using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>
/// The samples of a search: triggers are learned on every other one and scored on the rest. For a class t, those that F
/// already takes for t say nothing and are left out.
/// </summary>
internal sealed class SearchSamples : IDisposable
{
    private const int ScoredAtOnce = 64;

    // Enough to tell a class that works from one that does not, and few enough to cost no more than a few steps.
    private const int Checked = 64;

    private readonly Tensor _samples;
    private readonly Tensor _predictions;
    private readonly long[] _classes;

    // Every step of every search asks for one of these, from several threads.
    private readonly ConcurrentDictionary<(int Target, int Half), int[]> _others = new();

    /// <summary>Takes samples over.</summary>
    /// <param name="samples">[N, …].</param>
    /// <param name="predictions">F's classes, [N].</param>
    internal SearchSamples(Tensor samples, Tensor predictions)
    {
        _samples = samples;
        _predictions = predictions;
        _classes = predictions.data<long>().ToArray();
        Space = _samples.is_floating_point() ? TriggerSpace.Of(samples) : null;
    }

    /// <summary>The triggers that float samples can carry; null for tokens.</summary>
    internal TriggerSpace? Space { get; }

    /// <summary>Whether there are samples of other classes, to learn on and to score on.</summary>
    internal bool CanSearch(int target) => Others(target, 0).Length > 0 && Others(target, 1).Length > 0;

    /// <summary>A batch to learn on.</summary>
    internal (Tensor Samples, Tensor Predictions) Draw(int target, int count, Random random)
    {
        var pool = Others(target, 0);
        var drawn = new int[Math.Min(count, pool.Length)];
        for (var i = 0; i < drawn.Length; i++)
            drawn[i] = pool[random.Next(pool.Length)];
        return Take(drawn);
    }

    /// <summary>The length of a sequence, for tokens.</summary>
    internal long Length => _samples.shape[^1];

    /// <summary>Samples of all classes, from the half that is learned on. They belong to the caller's scope.</summary>
    internal (Tensor Samples, Tensor Predictions) Any(int count) =>
        Take([.. Enumerable.Range(0, _classes.Length).Where(i => i % 2 == 0).Take(count)]);

    /// <summary>Samples to compare classes on, from the half that is learned on.</summary>
    internal (Tensor Samples, Tensor Predictions) Check(int target) => Take([.. Others(target, 0).Take(Checked)]);

    /// <summary>The samples to score on, some at a time. Each batch belongs to the caller's scope.</summary>
    internal IEnumerable<(Tensor Samples, Tensor Predictions)> Scored(int target) =>
        Others(target, 1).Chunk(ScoredAtOnce).Select(Take);

    /// <inheritdoc/>
    public void Dispose()
    {
        Space?.Dispose();
        _samples.Dispose();
        _predictions.Dispose();
    }

    private int[] Others(int target, int half) => _others.GetOrAdd(
        (target, half), key => [.. Enumerable.Range(0, _classes.Length).Where(i => i % 2 == key.Half && _classes[i] != key.Target)]);

    private (Tensor Samples, Tensor Predictions) Take(int[] indices)
    {
        using var which = tensor(indices, dtype: ScalarType.Int64);
        return (_samples.index_select(0, which), _predictions.index_select(0, which));
    }
}
