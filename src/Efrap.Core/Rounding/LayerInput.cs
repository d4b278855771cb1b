using Efrap.Core.Quantization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Rounding;

/// <summary>
/// One batch of a layer's input x̂ and output y, unfolded: a column per output position, holding the K inputs that the
/// position's value is a weighted sum of.
/// </summary>
internal static class LayerInput
{
    /// <summary>The number of output positions in a batch: samples times space for convolutions, rows otherwise.</summary>
    internal static int PositionCount(QuantizableLayer layer, OrtValue output)
    {
        var shape = output.GetTensorTypeAndShape().Shape;
        return (int)(Product(shape) / layer.Weights.Rows);
    }

    /// <summary>Unfolds the input at the given positions.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">x̂: uint8 codes on <paramref name="grid"/>, or float values that the layer rounds to it.</param>
    /// <param name="grid">The grid; null where float values stay as they are.</param>
    /// <param name="outputShape">The shape of the layer's output.</param>
    /// <param name="positions">Output positions, ascending.</param>
    /// <param name="columns">Receives [groups·K, stride], from the first column given on.</param>
    /// <param name="stride">The length of a row of <paramref name="columns"/>.</param>
    internal static void Unfold(
        QuantizableLayer layer, OrtValue input, ActivationGrid? grid, long[] outputShape, int[] positions, Span<float> columns, int stride)
    {
        var info = input.GetTensorTypeAndShape();
        if (info.ElementDataType == TensorElementType.UInt8 && grid is { } g)
        {
            var values = new float[byte.MaxValue + 1];
            for (var code = 0; code < values.Length; code++)
                values[code] = (code - g.ZeroPoint) * g.Scale;
            Unfold(layer, input.GetTensorDataAsSpan<byte>(), new CodeReader(values), info.Shape, outputShape, positions, columns, stride);
        }
        else if (grid is { } rounded)
        {
            Unfold(layer, input.GetTensorDataAsSpan<float>(), new RoundingReader(rounded), info.Shape, outputShape, positions, columns, stride);
        }
        else
        {
            Unfold(layer, input.GetTensorDataAsSpan<float>(), default(FloatReader), info.Shape, outputShape, positions, columns, stride);
        }
    }

    /// <summary>Reads the output at the given positions into [rows, stride].</summary>
    internal static void ReadOutput(QuantizableLayer layer, OrtValue output, int[] positions, Span<float> columns, int stride)
    {
        var values = output.GetTensorDataAsSpan<float>();
        var rows = layer.Weights.Rows;
        var space = layer.Convolution is null ? 1 : (int)Product(output.GetTensorTypeAndShape().Shape.AsSpan(2));
        for (var i = 0; i < positions.Length; i++)
        {
            var (sample, place) = Math.DivRem(positions[i], space);
            var start = (sample * rows * space) + place;
            for (var row = 0; row < rows; row++)
                columns[(row * stride) + i] = values[start + (row * space)];
        }
    }

    private static void Unfold<T, TReader>(
        QuantizableLayer layer,
        ReadOnlySpan<T> values,
        TReader reader,
        long[] inputShape,
        long[] outputShape,
        int[] positions,
        Span<float> columns,
        int stride)
        where TReader : struct, IReader<T>
    {
        if (layer.Convolution is null)
        {
            var depth = layer.Weights.Columns;
            for (var i = 0; i < positions.Length; i++)
            {
                var row = values.Slice(positions[i] * depth, depth);
                for (var k = 0; k < depth; k++)
                    columns[(k * stride) + i] = reader.Read(row[k]);
            }

            return;
        }

        var channels = (int)inputShape[1];
        var space = (int)Product(inputShape.AsSpan(2));
        var outputSpace = (int)Product(outputShape.AsSpan(2));
        var taps = new KernelTaps(layer.Convolution, inputShape, outputShape);
        var offsets = new int[positions.Length];
        for (var tap = 0; tap < taps.Count; tap++)
        {
            for (var i = 0; i < positions.Length; i++)
            {
                var (sample, place) = Math.DivRem(positions[i], outputSpace);
                var offset = taps.Offset(tap, place);
                offsets[i] = offset < 0 ? -1 : (sample * channels * space) + offset;
            }

            for (var channel = 0; channel < channels; channel++)
            {
                var row = columns.Slice(((channel * taps.Count) + tap) * stride, positions.Length);
                var plane = channel * space;
                for (var i = 0; i < row.Length; i++)
                    row[i] = offsets[i] < 0 ? 0 : reader.Read(values[offsets[i] + plane]);
            }
        }
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        var product = 1L;
        foreach (var size in sizes)
            product *= size;
        return product;
    }

    private interface IReader<T>
    {
        float Read(T value);
    }

    private readonly struct FloatReader : IReader<float>
    {
        public float Read(float value) => value;
    }

    private readonly struct RoundingReader(ActivationGrid grid) : IReader<float>
    {
        public float Read(float value) => grid.Round(value);
    }

    private readonly struct CodeReader(float[] values) : IReader<byte>
    {
        public float Read(byte value) => values[value];
    }
}
