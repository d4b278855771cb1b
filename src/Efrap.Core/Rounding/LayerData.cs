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

    // Columns handled at a time, unless one batch alone has more.
    private const int BlockWidth = 2048;

    /// <summary>Collects G, q and E r² over the selected positions of all batches.</summary>
    internal static LayerMoments Collect(
        QuantizableLayer layer,
        ActivationStream fullPrecision,
        ActivationStream hardened,
        QuantizedGraph quantized,
        int batchCount,
        ParallelOptions options)
    {
        var positions = SelectPositions(layer, fullPrecision, batchCount);
        var moments = new LayerMoments(layer, options);
        var grid = quantized.GridOf(layer.Input);
        var inputName = quantized.StoredName(layer.Input);
        var inputRows = layer.Weights.Groups * layer.Weights.Columns;
        for (var first = 0; first < batchCount;)
        {
            var starts = new List<int>();
            var width = 0;
            while (first + starts.Count < batchCount && (starts.Count == 0 || width + positions[first + starts.Count].Length <= BlockWidth))
            {
                starts.Add(width);
                width += positions[first + starts.Count - 1].Length;
            }

            var input = new float[inputRows * width];
            var output = new float[layer.Weights.Rows * width];
            Batches.ForEach(starts.Count, options, i =>
            {
                var batch = first + i;
                using var y = fullPrecision.Get(layer.Output, batch);
                using var x = hardened.Get(inputName, batch);
                LayerInput.Unfold(
                    layer, x.Value, grid, y.Value.GetTensorTypeAndShape().Shape, positions[batch], input.AsSpan(starts[i]), width);
                LayerInput.ReadOutput(layer, y.Value, positions[batch], output.AsSpan(starts[i]), width);
            });
            moments.Add(input, output, width);
            first += starts.Count;
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
}
