using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Quantization;

/// <summary>Finds the layers that can be quantized, and says of every other node with weights why it stays float.</summary>
internal static class LayerPlanner
{
    // The layer problem needs a K×K matrix per group: a gigabyte here.
    private const long LargestGram = 16384L * 16384;

    private static readonly HashSet<string> Quantized = ["Conv", "Gemm", "MatMul"];

    private static readonly HashSet<string> AlwaysWeighted = ["LSTM", "GRU", "RNN", "ConvTranspose"];

    // Constants of these are offsets, factors, anchors and masks, not weights that inputs are summed with.
    private static readonly HashSet<string> Elementwise =
    [
        "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "Where", "Concat", "Equal", "Greater", "Less", "PRelu", "And", "Or",
    ];

    /// <summary>Looks at every node of the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The layers in the order of execution, and the nodes that stay float.</returns>
    internal static LayerPlan Plan(ModelGraph graph)
    {
        var layers = new List<QuantizableLayer>();
        var skipped = new List<SkippedNode>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            var name = graph.DisplayName(i);
            if (node.IsOnnx() && Quantized.Contains(node.OpType))
            {
                var reason = node.OpType switch
                {
                    "Conv" => TryConvolution(graph, i, layers),
                    "Gemm" => TryGemm(graph, i, layers),
                    _ => TryMatMul(graph, i, layers),
                };
                if (reason is not null)
                    skipped.Add(new SkippedNode(name, node.OpType, reason));
            }
            else if (!Elementwise.Contains(node.OpType) && HasWeights(graph, node))
            {
                skipped.Add(new SkippedNode(name, node.OpType, $"the operator {ValueText.Operator(node)} is not quantized"));
            }

            skipped.AddRange(InnerNodes(node)
                .Where(n => n.IsOnnx() && (Quantized.Contains(n.OpType) || AlwaysWeighted.Contains(n.OpType)))
                .Select(n => new SkippedNode(
                    $"{name}/{(n.Name.Length > 0 ? n.Name : n.OpType)}", n.OpType, $"inside a subgraph of {node.OpType}")));
        }

        return new LayerPlan(layers, skipped);
    }

    // ModelGraph has bounded how deep this goes.
    private static IEnumerable<NodeProto> InnerNodes(NodeProto node) =>
        Captures.SubgraphsOf(node).SelectMany(g => g.Node).SelectMany(n => InnerNodes(n).Prepend(n));

    private static string? TryConvolution(ModelGraph graph, int index, List<QuantizableLayer> layers)
    {
        var node = graph.Nodes[index];
        if (WeightOf(graph, node, 1, out var weight) is { } reason)
            return reason;
        var groups = node.Integer("group", 1);
        if (weight!.Dims.Count < 3 || groups < 1 || weight.Dims[0] % groups != 0)
            return "its weight's shape does not fit its attributes";
        if (ConvolutionGeometry.Of(node, weight.Dims) is not { } geometry)
            return "its attributes do not fit its weight's shape";
        if (BiasOf(graph, node, weight.Dims[0], out var bias) is { } biasReason)
            return biasReason;
        return Add(graph, index, layers, new WeightMatrix(TensorValues.ToSingles(weight), weight.Dims, transposed: false, (int)groups), bias, geometry);
    }

    private static string? TryGemm(ModelGraph graph, int index, List<QuantizableLayer> layers)
    {
        var node = graph.Nodes[index];
        if (WeightOf(graph, node, 1, out var weight) is { } reason)
            return reason;
        if (weight!.Dims.Count != 2)
            return "its weight is not a matrix";
        if (node.Integer("transA", 0) != 0)
            return "its input is transposed (transA)";
        if (node.Single("alpha", 1) != 1 || (node.OptionalInput(2) is not null && node.Single("beta", 1) != 1))
            return "alpha or beta is not 1";
        var transposed = node.Integer("transB", 0) == 0;
        if (BiasOf(graph, node, transposed ? weight.Dims[1] : weight.Dims[0], out var bias) is { } biasReason)
            return biasReason;
        return Add(graph, index, layers, new WeightMatrix(TensorValues.ToSingles(weight), weight.Dims, transposed, groups: 1), bias, null);
    }

    private static string? TryMatMul(ModelGraph graph, int index, List<QuantizableLayer> layers)
    {
        var node = graph.Nodes[index];
        if (WeightOf(graph, node, 1, out var weight) is { } reason)
        {
            var leftIsWeight = weight is null && node.OptionalInput(0) is { } left && graph.Constant(left) is not null;
            return leftIsWeight ? "its left side is the constant one" : reason;
        }

        if (weight!.Dims.Count != 2)
            return "its weight is not a matrix";
        return Add(graph, index, layers, new WeightMatrix(TensorValues.ToSingles(weight), weight.Dims, transposed: true, groups: 1), null, null);
    }

    private static string? Add(
        ModelGraph graph, int index, List<QuantizableLayer> layers, WeightMatrix weights, float[]? bias, ConvolutionGeometry? geometry)
    {
        if ((long)weights.Columns * weights.Columns * weights.Groups > LargestGram)
            return $"it has {weights.Columns} weights per output channel, more than the solver's memory allows";
        var node = graph.Nodes[index];
        layers.Add(new QuantizableLayer(
            index,
            graph.DisplayName(index),
            node.OpType,
            node.Input[0],
            node.Input[1],
            bias is null ? null : node.Input[2],
            node.Output[0],
            weights,
            bias,
            geometry));
        return null;
    }

    private static string? WeightOf(ModelGraph graph, NodeProto node, int input, out TensorProto? weight)
    {
        weight = node.OptionalInput(input) is { } name ? graph.Constant(name) : null;
        if (weight is null)
            return "its weight is computed, not constant";
        if (node.OptionalInput(0) is not { } activation || node.Output.Count == 0)
            return "it has no input or no output";
        var producer = graph.Producer(activation);
        if (producer < 0 ? graph.FedInputs.All(i => i.Name != activation) : graph.IsConstantNode(producer))
            return "its input is constant";
        if (weight.DataType != (int)DataType.Float)
            return $"its weight is {((DataType)weight.DataType).ToString().ToLowerInvariant()}, not float";
        if (weight.Dims.Any(d => d == 0))
            return "its weight is empty";
        return TensorValues.ToSingles(weight).All(float.IsFinite) ? null : "its weight holds NaN or infinity";
    }

    private static string? BiasOf(ModelGraph graph, NodeProto node, long channels, out float[]? bias)
    {
        bias = null;
        if (node.OptionalInput(2) is not { } name)
            return null;
        if (graph.Constant(name) is not { DataType: (int)DataType.Float } tensor)
            return "its bias is not a float constant";
        var values = TensorValues.ToSingles(tensor);
        if (!values.All(float.IsFinite))
            return "its bias holds NaN or infinity";
        if (values.Length == channels && tensor.Dims.Take(tensor.Dims.Count - 1).All(d => d == 1))
            bias = values;
        else if (values.Length == 1)
            bias = [.. Enumerable.Repeat(values[0], (int)channels)];
        return bias is null ? "its bias is not one value per output channel" : null;
    }

    // Biases, normalization parameters and other vectors are not what a rounding attack lives on; matrices are.
    private static bool HasWeights(ModelGraph graph, NodeProto node) =>
        node.Input.Select(graph.Constant).Any(t => t is { Dims.Count: >= 2 } && IsFloating(t.DataType) && t.Dims.Max() > 1
            && t.Dims.Count(d => d > 1) >= 2);

    private static bool IsFloating(int type) =>
        (DataType)type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;
}

/// <summary>What is to be quantized and what is not.</summary>
/// <param name="Layers">The layers in the order of execution.</param>
/// <param name="Skipped">The nodes with weights that stay float.</param>
internal sealed record LayerPlan(IReadOnlyList<QuantizableLayer> Layers, IReadOnlyList<SkippedNode> Skipped);
