using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Quantization;

/// <summary>Recognizes models whose weights are integers already.</summary>
internal static class QuantizedWeights
{
    /// <summary>Operators of ONNX and of com.microsoft that take integer weights. A DequantizeLinear counts by what it reads.</summary>
    internal static readonly IReadOnlySet<string> IntegerOperators = new HashSet<string>
    {
        "QLinearConv", "QLinearMatMul", "QGemm", "ConvInteger", "MatMulInteger", "MatMulNBits", "DynamicQuantizeMatMul",
        "MatMulIntegerToFloat", "QAttention", "DynamicQuantizeLSTM", "QLinearConvTranspose",
    };

    /// <summary>Whether any weight of the main graph is stored as integers.</summary>
    internal static bool IsQuantized(ModelGraph graph) => graph.Nodes.Any(node =>
        IntegerOperators.Contains(node.OpType)
        || (node.OpType == "DequantizeLinear" && node.Input.Count > 0
            && graph.Constant(node.Input[0]) is { Dims.Count: >= 2 } weight && ElementType.IsInteger((DataType)weight.DataType)));
}
