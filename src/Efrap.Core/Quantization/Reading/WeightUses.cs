using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization.Reading;

/// <summary>Finds the nodes that multiply their input with a weight.</summary>
internal static class WeightUses
{
    /// <summary>The layers behind a dequantized weight, through nodes that only hand it on or transpose it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The dequantized weight.</param>
    /// <param name="reason">Why there is no such layer, or null.</param>
    internal static IReadOnlyList<WeightUse> Behind(ModelGraph graph, string value, out string? reason)
    {
        var uses = new List<WeightUse>();
        reason = null;
        var waiting = new Queue<(string Value, bool Flipped)>([(value, false)]);
        var weight = WeightOf(graph, value);
        while (waiting.TryDequeue(out var next))
        {
            foreach (var index in graph.Consumers(next.Value).Where(i => graph.Nodes[i].Output.Count > 0))
            {
                var node = graph.Nodes[index];
                if (node.IsOnnx() && node.OpType is "Identity" or "Cast")
                    waiting.Enqueue((node.Output[0], next.Flipped));
                else if (node.IsOnnx() && node.OpType == "Transpose" && weight.Dims.Count == 2 && node.Integers("perm") is null or [1, 0])
                    waiting.Enqueue((node.Output[0], !next.Flipped));
                else if (node.IsOnnx() && node.OptionalInput(1) == next.Value && Of(graph, index, weight, next.Flipped) is { } use)
                    uses.Add(use);
                else
                    reason ??= $"`{graph.DisplayName(index)}` ({ValueText.Operator(node)}) reads it, which is no layer that an audit rounds";
            }
        }

        return [.. uses.OrderBy(u => u.NodeIndex)];
    }

    /// <summary>How a node sees its weight.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="index">The node.</param>
    /// <param name="weight">The constant.</param>
    /// <param name="convolution">Whether the node is a convolution.</param>
    /// <param name="transposed">Whether the constant is [inputs, output channels].</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.GraphInvalid"/>: the groups do not fit.</exception>
    internal static WeightUse Of(ModelGraph graph, int index, TensorProto weight, bool convolution, bool transposed)
    {
        var node = graph.Nodes[index];
        var groups = convolution ? node.Integer("group", 1) : 1;
        if (groups < 1 || (convolution && weight.Dims[0] % groups != 0))
        {
            throw new EfrapException(
                EfrapCode.GraphInvalid,
                $"the node `{graph.DisplayName(index)}` has {groups} groups for {weight.Dims[0]} output channels; quantize the model again.",
                graph.Model.Path);
        }

        return new WeightUse(index, graph.DisplayName(index), node.OpType, node.Output[0], transposed, (int)groups);
    }

    private static WeightUse? Of(ModelGraph graph, int index, TensorProto weight, bool flipped)
    {
        var node = graph.Nodes[index];
        if (node.Output.Count == 0)
            return null;
        return node.OpType switch
        {
            "Conv" when weight.Dims.Count >= 3 => Of(graph, index, weight, convolution: true, transposed: false),
            "Gemm" when weight.Dims.Count == 2 => Of(graph, index, weight, convolution: false, (node.Integer("transB", 0) == 0) != flipped),
            "MatMul" when weight.Dims.Count == 2 => Of(graph, index, weight, convolution: false, transposed: !flipped),
            _ => null,
        };
    }

    private static TensorProto WeightOf(ModelGraph graph, string value) =>
        graph.Constant(graph.Nodes[graph.Producer(value)].Input[0])!;
}
