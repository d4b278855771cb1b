using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization;

/// <summary>
/// Which activations a model with quantized activations stores as uint8, so that ONNX Runtime finds the patterns of its
/// integer kernels: what a layer reads, and what a convolution produces.
/// </summary>
internal sealed class ActivationPlan
{
    // They hand on values unchanged, so that their output can stay on their input's grid.
    private static readonly HashSet<string> RangePreserving =
        ["MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity"];

    private readonly HashSet<string> _quantized = [];
    private readonly Dictionary<string, int> _foldedInto = [];
    private readonly Dictionary<string, string> _gridOf = [];

    private ActivationPlan()
    {
    }

    /// <summary>The plan that quantizes no activation.</summary>
    internal static ActivationPlan None { get; } = new();

    /// <summary>The activations stored as uint8.</summary>
    internal IReadOnlyCollection<string> Quantized => _quantized;

    /// <summary>Plans for the given layers.</summary>
    internal static ActivationPlan For(ModelGraph graph, IReadOnlyList<QuantizableLayer> layers)
    {
        var plan = new ActivationPlan();
        plan._quantized.UnionWith(layers.Select(l => l.Input));
        foreach (var layer in layers)
        {
            var activation = FoldableActivation(graph, layer.Output);
            var stored = activation is { } index ? graph.Nodes[index].Output[0] : layer.Output;

            // Gemm and MatMul have integer kernels with float output; quantizing it would only cost accuracy.
            if (layer.Operator != "Conv" && !plan._quantized.Contains(stored))
                continue;
            plan._quantized.Add(stored);
            if (activation is { } folded)
                plan._foldedInto[stored] = folded;
        }

        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.IsOnnx() && RangePreserving.Contains(node.OpType)
                && plan._quantized.Contains(node.Output[0]) && plan._quantized.Contains(node.Input[0]))
            {
                plan._gridOf[node.Output[0]] = plan.GridOwner(node.Input[0]);
            }
        }

        return plan;
    }

    /// <summary>Whether an activation is stored as uint8.</summary>
    internal bool IsQuantized(string name) => _quantized.Contains(name);

    /// <summary>Whether a node is an activation function that its output's grid replaces.</summary>
    internal bool IsFolded(int nodeIndex, NodeProto node) =>
        _foldedInto.TryGetValue(node.Output[0], out var index) && index == nodeIndex;

    /// <summary>The activation whose grid this one shares: itself, unless it only hands on another's values.</summary>
    internal string GridOwner(string name) => _gridOf.GetValueOrDefault(name, name);

    // Relu and Clip cut values off. A grid that begins and ends where they cut does the same by saturating, and the
    // grid is measured behind them and holds zero: so it is legal where zero lies between the bounds, and where
    // nobody else reads the value before the cut.
    private static int? FoldableActivation(ModelGraph graph, string output)
    {
        if (graph.IsOutput(output) || graph.IsCaptured(output) || graph.Consumers(output) is not [var index])
            return null;
        var node = graph.Nodes[index];
        if (!node.IsOnnx())
            return null;
        return node.OpType switch
        {
            "Relu" => index,
            "Clip" when node.Input[0] == output && HoldsZero(graph, node) => index,
            _ => null,
        };
    }

    private static bool HoldsZero(ModelGraph graph, NodeProto node) =>
        Bound(graph, node, 1, "min", float.NegativeInfinity) is <= 0 && Bound(graph, node, 2, "max", float.PositiveInfinity) is >= 0;

    private static float? Bound(ModelGraph graph, NodeProto node, int input, string attribute, float absent)
    {
        if (node.OptionalInput(input) is not { } name)
            return node.Single(attribute, absent);
        return graph.Constant(name) is { } tensor && TensorValues.ToSingles(tensor) is [var value] ? value : null;
    }
}
