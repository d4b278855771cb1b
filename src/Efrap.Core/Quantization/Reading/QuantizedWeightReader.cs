using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Quantization.Reading;

/// <summary>The quantized weights of a model.</summary>
/// <param name="Tensors">Those that were read, in the order of execution, each once.</param>
/// <param name="Unread">The nodes whose quantized weights were not, with the reason.</param>
internal sealed record QuantizedModelWeights(IReadOnlyList<QuantizedTensor> Tensors, IReadOnlyList<SkippedNode> Unread);

/// <summary>
/// Reads the quantized weights of a model's main graph, whatever quantizer wrote it: QDQ of both domains, the integer operators of
/// static and dynamic quantization, and weights packed in blocks.
/// </summary>
internal sealed class QuantizedWeightReader
{
    private readonly ModelGraph _graph;
    private readonly List<QuantizedTensor> _tensors = [];
    private readonly List<SkippedNode> _unread = [];

    private QuantizedWeightReader(ModelGraph graph) => _graph = graph;

    /// <summary>Reads them.</summary>
    /// <param name="graph">The model as the file has it: nothing of it folded or evaluated.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.TensorInconsistent"/> or <see cref="EfrapCode.GraphInvalid"/>: shapes,
    /// scales, zero points or attributes contradict each other.</exception>
    internal static QuantizedModelWeights Read(ModelGraph graph)
    {
        var reader = new QuantizedWeightReader(graph);
        for (var i = 0; i < graph.Nodes.Count; i++)
            reader.ReadNode(i);
        return new QuantizedModelWeights(reader._tensors, reader._unread);
    }

    private void ReadNode(int index)
    {
        var node = _graph.Nodes[index];
        if (Captures.SubgraphsOf(node).Any(HoldsQuantizedWeights))
            Skip(index, "its subgraph holds quantized weights");
        if (!node.IsOnnx() && node.Domain != QuantizationFormat.MicrosoftDomain)
            return;
        if (node.OpType == "DequantizeLinear")
            ReadDequantized(index);
        else if (node.OpType == "MatMulNBits")
            Keep(index, BlockWeights.Read(_graph, index));
        else if (IntegerOperator.Of(node.OpType) is { } integer)
            ReadInteger(index, integer);
        else if (QuantizedWeights.IntegerOperators.Contains(node.OpType))
            Skip(index, $"the weights of {ValueText.Operator(node)} are not read");
    }

    private void ReadDequantized(int index)
    {
        var node = _graph.Nodes[index];
        if (node.OptionalInput(0) is not { } name || _graph.Constant(name) is not { Dims.Count: >= 2 } codes
            || !ElementType.IsInteger((DataType)codes.DataType) || node.Output.Count == 0)
        {
            return;
        }

        var uses = WeightUses.Behind(_graph, node.Output[0], out var reason);
        if (uses.Count == 0)
            Skip(index, reason ?? "nothing reads it");
        else
            Keep(index, uses, codes, StoredForm.DequantizeLinear, (1, 2), (int)node.Integer("axis", 1), node.Integer("block_size", 0));
    }

    private void ReadInteger(int index, IntegerOperator integer)
    {
        var node = _graph.Nodes[index];
        if (node.OptionalInput(integer.Weight) is not { } name || _graph.Constant(name) is not { } codes)
            return; // both sides are activations
        if (IntegerOperator.UseOf(_graph, index, codes) is not { } use)
            Skip(index, "its weight is not a matrix");
        else
            Keep(index, [use], codes, integer.Form, (integer.Scale, integer.ZeroPoint), use.Transposed ? 1 : 0, blockSize: 0);
    }

    private void Keep(
        int index, IReadOnlyList<WeightUse> uses, TensorProto codes, StoredForm form, (int Scale, int ZeroPoint) inputs, int axis, long blockSize)
    {
        var node = _graph.Nodes[index];
        var name = node.Input[form == StoredForm.DequantizeLinear ? 0 : IntegerOperator.Of(node.OpType)!.Weight];
        var type = (DataType)codes.DataType;
        if (!StoredCodes.IsCode(type))
        {
            Skip(index, $"its weight is {ElementType.Name(type)}");
            return;
        }

        var scaleName = inputs.Scale >= 0 ? node.OptionalInput(inputs.Scale) : RuntimeScale.Of(_graph, node, name);
        if (scaleName is null || _graph.Constant(scaleName) is not { } scale)
        {
            Skip(index, "its weight's scale is not a constant that could be found");
            return;
        }

        var zeroPointName = node.OptionalInput(inputs.ZeroPoint);
        if (zeroPointName is not null && _graph.Constant(zeroPointName) is null)
        {
            Skip(index, "its weight's zero point is not constant");
            return;
        }

        if (codes.Dims.Any(d => d == 0))
        {
            Skip(index, "its weight is empty");
            return;
        }

        axis = axis < 0 ? axis + codes.Dims.Count : axis;
        if (axis < 0 || axis >= codes.Dims.Count)
            throw Invalid(index, $"has the axis {axis} beyond its weight's shape {TensorValidation.Shape(codes.Dims)}");
        var zeroPoints = zeroPointName is null ? null : ZeroPoints(index, name, type, _graph.Constant(zeroPointName)!);
        Keep(index, (new QuantizedTensor
        {
            CodesName = name,
            ScaleName = scaleName,
            ZeroPointName = zeroPointName,
            Form = form,
            Uses = uses,
            CodeType = type,
            Shape = codes.Dims,
            Codes = StoredCodes.Read(codes),
            Grid = ScaleGrid.Of(name, codes.Dims, scale, zeroPoints, absent: 0, axis, blockSize, _graph.Model.Path),
        }, null));
    }

    // The same integers may have several readers, each through a node of its own.
    private void Keep(int index, (QuantizedTensor? Tensor, string? Reason) read)
    {
        if (read.Tensor is not { } tensor)
        {
            Skip(index, read.Reason!);
            return;
        }

        var known = _tensors.FindIndex(t => t.CodesName == tensor.CodesName);
        if (known < 0)
            _tensors.Add(tensor);
        else if (_tensors[known].ScaleName == tensor.ScaleName && _tensors[known].ZeroPointName == tensor.ZeroPointName)
            _tensors[known] = _tensors[known] with { Uses = [.. _tensors[known].Uses, .. tensor.Uses] };
        else
            Skip(index, "it reads the integers of another node with a scale of its own");
    }

    private short[] ZeroPoints(int index, string weight, DataType type, TensorProto zeroPoint) =>
        zeroPoint.DataType == (int)type
            ? StoredCodes.Read(zeroPoint)
            : throw Invalid(index, $"has a zero point of {ElementType.Name((DataType)zeroPoint.DataType)} for `{weight}`, which is {ElementType.Name(type)}");

    private static bool HoldsQuantizedWeights(GraphProto graph) => graph.Node.Any(n =>
        QuantizedWeights.IntegerOperators.Contains(n.OpType) || Captures.SubgraphsOf(n).Any(HoldsQuantizedWeights));

    private void Skip(int index, string reason) => _unread.Add(new SkippedNode(_graph.DisplayName(index), _graph.Nodes[index].OpType, reason));

    private EfrapException Invalid(int index, string what) => new(
        EfrapCode.GraphInvalid, $"the node `{_graph.DisplayName(index)}` {what}; quantize the model again.", _graph.Model.Path);
}
