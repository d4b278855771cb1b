using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization.Reading;

/// <summary>An operator that multiplies integers, and which of its inputs are the weight and its grid.</summary>
/// <param name="Form">How weights are stored with it.</param>
/// <param name="Weight">The input that holds the integers.</param>
/// <param name="Scale">The input that holds the scales; −1 where they come in after the product.</param>
/// <param name="ZeroPoint">The input that holds the zero points, which may be absent.</param>
internal sealed record IntegerOperator(StoredForm Form, int Weight, int Scale, int ZeroPoint)
{
    private static readonly Dictionary<string, IntegerOperator> _known = new()
    {
        ["QLinearConv"] = new(StoredForm.QLinear, 3, 4, 5),
        ["QLinearMatMul"] = new(StoredForm.QLinear, 3, 4, 5),
        ["QGemm"] = new(StoredForm.QLinear, 3, 4, 5),
        ["ConvInteger"] = new(StoredForm.Dynamic, 1, -1, 3),
        ["MatMulInteger"] = new(StoredForm.Dynamic, 1, -1, 3),
        ["DynamicQuantizeMatMul"] = new(StoredForm.Dynamic, 1, 2, 3),
        ["MatMulIntegerToFloat"] = new(StoredForm.Dynamic, 1, 3, 5),
    };

    /// <summary>The operator of a name, or null where it is none of these.</summary>
    internal static IntegerOperator? Of(string name) => _known.GetValueOrDefault(name);

    /// <summary>How a node sees its weight; null where that is neither a kernel nor a matrix.</summary>
    internal static WeightUse? UseOf(ModelGraph graph, int index, TensorProto weight)
    {
        var node = graph.Nodes[index];
        var convolution = node.OpType is "QLinearConv" or "ConvInteger";
        if (node.Output.Count == 0 || (convolution ? weight.Dims.Count < 3 : weight.Dims.Count != 2))
            return null;
        return WeightUses.Of(
            graph, index, weight, convolution, transposed: !convolution && (node.OpType != "QGemm" || node.Integer("transB", 0) == 0));
    }
}
