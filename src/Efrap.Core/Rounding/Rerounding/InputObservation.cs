using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Rounding.Rerounding;

/// <summary>The float value of what a layer of a quantized model multiplies its weights with.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Nodes">The nodes that compute it in front of the layer; none where the model has it as floats.</param>
internal sealed record InputObservation(string Name, IReadOnlyList<NodeProto> Nodes)
{
    // Between the quantization of a value and the layer that reads it.
    private const int MostSteps = 8;

    // These move codes around and change none.
    private static readonly HashSet<string> Movers =
        ["Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Identity", "MaxPool", "Slice", "Gather", "Expand"];

    private static readonly QuantizationFormat Format = new(QuantizationFormat.MicrosoftDomain, 4);

    /// <summary>Finds the value for the first node that reads a weight.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="tensor">The weight.</param>
    /// <param name="names">Makes names for new values.</param>
    /// <returns>The value, or why there is none.</returns>
    internal static (InputObservation? Observation, string? Reason) Of(ModelGraph graph, QuantizedTensor tensor, UniqueNames names)
    {
        var node = graph.Nodes[tensor.Uses[0].NodeIndex];
        if (node.OptionalInput(0) is not { } input)
            return (null, "it has no input");
        if (graph.Constant(input) is not null)
            return (null, "its input is constant");
        return node.OpType switch
        {
            "QLinearConv" or "QLinearMatMul" or "QGemm" => Dequantized(input, node.OptionalInput(1), node.OptionalInput(2)),
            "MatMulIntegerToFloat" => Dequantized(input, node.OptionalInput(2), node.OptionalInput(4)),
            "ConvInteger" or "MatMulInteger" => Dequantized(input, RuntimeScaleOf(graph, input), node.OptionalInput(2)),
            "DynamicQuantizeMatMul" when graph.Model.Opset < 11 => (null, "its input is quantized at run time, which ONNX has operators for since version 11"),
            "DynamicQuantizeMatMul" => QuantizedAtRunTime(),
            _ => (new InputObservation(input, []), null),
        };

        (InputObservation?, string?) Dequantized(string codes, string? scale, string? zeroPoint)
        {
            if (scale is null)
                return (null, "the scale of its input could not be found");
            if (graph.Constant(scale) is { } constant && TensorValues.ElementCount(constant) != 1)
                return (null, "its input has several scales");
            var name = names.Make($"{codes}_observed");
            return (new InputObservation(name, [Format.DequantizeLinear(codes, scale, zeroPoint, name, axis: null)]), null);
        }

        // The operator quantizes its input as DynamicQuantizeLinear does, and shows nothing of it.
        (InputObservation?, string?) QuantizedAtRunTime()
        {
            var (codes, scale, zeroPoint) = (names.Make($"{input}_codes"), names.Make($"{input}_scale"), names.Make($"{input}_zero_point"));
            var name = names.Make($"{input}_observed");
            var quantize = new NodeProto { OpType = "DynamicQuantizeLinear", Name = codes, Input = { input }, Output = { codes, scale, zeroPoint } };
            return (new InputObservation(name, [quantize, Format.DequantizeLinear(codes, scale, zeroPoint, name, axis: null)]), null);
        }
    }

    private static string? RuntimeScaleOf(ModelGraph graph, string codes)
    {
        for (var step = 0; step < MostSteps && graph.Producer(codes) is >= 0 and var index; step++)
        {
            var node = graph.Nodes[index];
            if (node.OpType == "DynamicQuantizeLinear")
                return node.Output is [_, { Length: > 0 } scale, ..] ? scale : null;
            if (node.OpType == "QuantizeLinear")
                return node.OptionalInput(1);
            if (!Movers.Contains(node.OpType) || node.OptionalInput(0) is not { } before)
                return null;
            codes = before;
        }

        return null;
    }
}
