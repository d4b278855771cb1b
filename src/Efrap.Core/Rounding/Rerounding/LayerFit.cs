using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Rounding.Rerounding;

/// <summary>Whether a layer of a quantized model computes what the source's does, but for its integers.</summary>
internal static class LayerFit
{
    /// <summary>Looks at a layer's attributes.</summary>
    /// <param name="graph">The quantized model.</param>
    /// <param name="match">The weight and its source.</param>
    /// <returns>The source's layer with the name and the geometry of the file's node, or why the two do not compute the same.</returns>
    internal static (QuantizableLayer? Layer, string? Reason) Of(ModelGraph graph, SourceMatch match)
    {
        var (use, source) = (match.Tensor.Uses[0], match.Layer);
        var node = graph.Nodes[use.NodeIndex];
        var convolution = node.OpType.Contains("Conv", StringComparison.Ordinal);
        if (use.Output.Length == 0 || source.Output.Length == 0)
            return (null, "it has no output");
        if (convolution != source.Convolution is not null)
            return (null, $"its source `{source.Name}` is a {source.Operator}");
        if (node.Integer("transA", 0) != 0 || node.Single("alpha", 1) != 1)
            return (null, "its input is transposed (transA), or alpha is not 1");
        if (node.Integer("channels_last", 0) != 0)
            return (null, "its channels come last (channels_last)");
        var geometry = convolution ? ConvolutionGeometry.Of(node, match.Tensor.Shape) : null;
        if (convolution && (geometry is null || !geometry.Kernel.SequenceEqual(source.Convolution!.Kernel)))
            return (null, "its attributes do not fit its weight's shape");
        return (source with { Name = use.Name, Convolution = geometry }, null);
    }

    /// <summary>Whether an input and an output of these shapes belong to each other.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="node">The node that reads the input.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="output">The shape of the source's output.</param>
    internal static bool Fits(QuantizableLayer layer, NodeProto node, IReadOnlyList<long> input, IReadOnlyList<long> output)
    {
        var weights = layer.Weights;
        if (layer.Convolution is not { } geometry)
        {
            return input.Count > 0 && input[^1] == weights.Columns && output.Count > 0 && output[^1] == weights.Rows
                && Product(input) / weights.Columns == Product(output) / weights.Rows;
        }

        var taps = geometry.Kernel.Aggregate(1L, (product, size) => product * size);
        return input.Count == geometry.Kernel.Count + 2 && output.Count == input.Count
            && input[0] == output[0] && output[1] == weights.Rows && input[1] * taps == (long)weights.Groups * weights.Columns
            && Enumerable.Range(0, geometry.Kernel.Count).All(axis => output[axis + 2] == OutputSize(geometry, node, axis, input[axis + 2]));
    }

    private static long OutputSize(ConvolutionGeometry geometry, NodeProto node, int axis, long input)
    {
        if (geometry.SameUpper is not null)
            return (input + geometry.Strides[axis] - 1) / geometry.Strides[axis];
        var after = node.Integers("pads") is { } pads && node.Text("auto_pad", "NOTSET") != "VALID" ? pads[geometry.Kernel.Count + axis] : 0;
        var reach = ((geometry.Kernel[axis] - 1L) * geometry.Dilations[axis]) + 1;
        return ((input + geometry.Pads![axis] + after - reach) / geometry.Strides[axis]) + 1;
    }

    private static long Product(IReadOnlyList<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
