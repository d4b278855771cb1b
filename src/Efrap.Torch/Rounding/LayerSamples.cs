using Efrap.Core.Rounding;
using static TorchSharp.torch;

namespace Efrap.Torch.Rounding;

/// <summary>
/// A layer's inputs and outputs along their first axis, in random order. All of them stay in memory where they fit and can be
/// joined; otherwise the calibration batches are visited in random order, each as it is.
/// </summary>
internal sealed class LayerSamples : IDisposable
{
    // Values of both tensors together: 2 GiB.
    private const long MostValues = 1L << 29;

    private readonly LayerActivations _activations;
    private readonly Random _random;
    private readonly int _batchSize;
    private readonly Tensor? _inputs;
    private readonly Tensor? _outputs;
    private readonly int[] _order;
    private int _next;

    /// <summary>Reads the samples if they fit.</summary>
    /// <param name="activations">The layer's data.</param>
    /// <param name="random">Decides the order.</param>
    /// <param name="batchSize">Samples in a batch.</param>
    internal LayerSamples(LayerActivations activations, Random random, int batchSize)
    {
        _activations = activations;
        _random = random;
        _batchSize = batchSize;
        if (ValuesInAll() <= MostValues)
        {
            _inputs = Join(activations.Input);
            _outputs = Join(activations.Output);
        }

        _order = [.. Enumerable.Range(0, (int?)_inputs?.shape[0] ?? activations.BatchCount)];
        _next = _order.Length;
    }

    /// <summary>The next batch, on loan until the scope around the call ends.</summary>
    internal (Tensor Input, Tensor Output) Next()
    {
        if (_inputs is null || _outputs is null)
        {
            var batch = Draw(1)[0];
            return (ToTensor(_activations.Input(batch)), ToTensor(_activations.Output(batch)));
        }

        using var indices = tensor(Draw(Math.Min(_batchSize, _order.Length)), dtype: ScalarType.Int64);
        return (_inputs.index_select(0, indices), _outputs.index_select(0, indices));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs?.Dispose();
        _outputs?.Dispose();
    }

    private int[] Draw(int count)
    {
        // What is left of an epoch and does not fill a batch is left out, as the paper's own data loader does.
        if (_next + count > _order.Length)
        {
            _random.Shuffle(_order);
            _next = 0;
        }

        _next += count;
        return _order[(_next - count).._next];
    }

    private long ValuesInAll() =>
        (_activations.Input(0).Values.LongLength + _activations.Output(0).Values.LongLength) * _activations.BatchCount;

    // Null where samples lie along another axis than the first and the last batch has fewer of them.
    private Tensor? Join(Func<int, ActivationTensor> read)
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, _activations.BatchCount).Select(i => ToTensor(read(i))).ToArray();
        return parts.All(p => p.shape.Skip(1).SequenceEqual(parts[0].shape.Skip(1))) ? cat(parts, 0).MoveToOuterDisposeScope() : null;
    }

    // A layer keeps the first axis of its input, but for a product with a vector: that is a matrix of one row.
    private static Tensor ToTensor(ActivationTensor values) =>
        tensor(values.Values).reshape(values.Shape.Count == 1 ? [1, .. values.Shape] : [.. values.Shape]);
}
