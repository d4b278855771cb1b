using Efrap.Core.Inference;
using Efrap.Core.Quantization;

namespace Efrap.Core.Rounding;

/// <summary>Collects the moments of a layer from the two streams that stand at it.</summary>
internal static class LayerData
{
    // Positions per weight of a row: enough for G to be well conditioned and for a rounding not to fit its noise.
    private const int PositionsPerColumn = 8;

    // A layer with few inputs still sees many places of many samples: its error is an average over them.
    private const int FewestPositions = 8192;

    // Values of the unfolded input held at a time (64 MiB), and the most columns that still help the products' speed.
    private const int BlockValues = 1 << 24;
    private const int WidestBlock = 2048;

    /// <summary>The refusal of a model whose values are not finite on the calibration data.</summary>
    /// <param name="subject">What has such values, with its verb.</param>
    /// <param name="model">The model's path.</param>
    internal static EfrapException NotFinite(string subject, string model) => new(
        EfrapCode.ModelNotRunnable, $"{subject} NaN or infinity on the calibration data; check the preprocessing.", model);

    /// <summary>Collects G, q and E r² over the selected positions of all batches.</summary>
    /// <param name="layer">The layer; its output's name is that of the full-precision stream.</param>
    /// <param name="fullPrecision">The full-precision stream.</param>
    /// <param name="hardened">The hardened stream.</param>
    /// <param name="inputName">The name that the layer's input has in the hardened stream.</param>
    /// <param name="grid">The grid of the input's codes, or the one that the layer rounds float values to; null where it sees floats.</param>
    /// <param name="batchCount">The number of batches.</param>
    /// <param name="options">Threads and cancellation.</param>
    internal static LayerMoments Collect(
        QuantizableLayer layer,
        ActivationStream fullPrecision,
        ActivationStream hardened,
        string inputName,
        ActivationGrid? grid,
        int batchCount,
        ParallelOptions options)
    {
        var inputRows = layer.Weights.Groups * layer.Weights.Columns;
        var blockWidth = Math.Clamp(BlockValues / inputRows, 1, WidestBlock);
        var pieces = Cut(SelectPositions(layer, fullPrecision, batchCount), blockWidth);
        var moments = new LayerMoments(layer, options);
        var input = new float[inputRows * blockWidth];
        var output = new float[layer.Weights.Rows * blockWidth];
        foreach (var block in Blocks(pieces, blockWidth))
        {
            var width = block.Sum(piece => piece.Positions.Length);
            Batches.ForEach(block.Count, options, i =>
            {
                var piece = block[i];
                var start = block.Take(i).Sum(p => p.Positions.Length);
                using var y = fullPrecision.Get(layer.Output, piece.Batch);
                using var x = hardened.Get(inputName, piece.Batch);
                LayerInput.Unfold(
                    layer, x.Value, grid, y.Value.GetTensorTypeAndShape().Shape, piece.Positions, input.AsSpan(start), width);
                LayerInput.ReadOutput(layer, y.Value, piece.Positions, output.AsSpan(start), width);
            });
            moments.Add(input, output, width);
        }

        moments.Complete();
        return moments;
    }

    private static int[][] SelectPositions(QuantizableLayer layer, ActivationStream fullPrecision, int batchCount)
    {
        var available = new int[batchCount];
        for (var batch = 0; batch < batchCount; batch++)
        {
            using var y = fullPrecision.Get(layer.Output, batch);
            available[batch] = LayerInput.PositionCount(layer, y.Value);
        }

        var total = available.Sum(n => (long)n);
        var wanted = Math.Max(FewestPositions, (long)PositionsPerColumn * layer.Weights.Columns);
        return [.. available.Select((n, batch) =>
            OutputPositions.Select(n, (int)Math.Min(n, ((wanted * n) + total - 1) / Math.Max(total, 1)), batch))];
    }

    private static IEnumerable<Piece> Cut(int[][] positions, int width) =>
        positions.SelectMany((selected, batch) => selected.Chunk(width).Select(chunk => new Piece(batch, chunk)));

    // As many pieces at a time as fit: the same blocks whatever the number of threads, and so the same sums.
    private static IEnumerable<List<Piece>> Blocks(IEnumerable<Piece> pieces, int width)
    {
        var block = new List<Piece>();
        var taken = 0;
        foreach (var piece in pieces)
        {
            if (taken + piece.Positions.Length > width)
            {
                yield return block;
                (block, taken) = ([], 0);
            }

            block.Add(piece);
            taken += piece.Positions.Length;
        }

        if (block.Count > 0)
            yield return block;
    }

    private readonly record struct Piece(int Batch, int[] Positions);
}
