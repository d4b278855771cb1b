using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Onnx;

/// <summary>
/// Folds BatchNormalization (inference mode) into the Conv, Gemm or MatMul before it. With
/// <c>a = scale / √(variance + epsilon)</c> the weights are multiplied by a per output channel, and the bias becomes
/// <c>a·(bias − mean) + shift</c>. Rounding errors are then those of the weights that really multiply the input.
/// </summary>
internal static class BatchNormalizationFolding
{
    /// <summary>Folds wherever the normalization is the only reader of the layer's output.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <returns>The folded model, or the same one when there is nothing to fold.</returns>
    internal static OnnxModel Fold(OnnxModel model)
    {
        if (!model.Proto.Graph.Node.Any(IsNormalization))
            return model;
        var folded = model with { Proto = model.Proto.Clone() };
        var graph = new ModelGraph(folded);
        var names = new UniqueNames(graph);
        var replacements = new Dictionary<NodeProto, NodeProto?>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            if (!IsNormalization(graph.Nodes[i]) || Parameters.Of(graph, graph.Nodes[i]) is not { } parameters)
                continue;
            if (TryFold(graph, graph.Nodes[i], parameters, names, out var replacement))
                replacements[graph.Nodes[i]] = replacement;
        }

        var nodes = graph.Nodes
            .Select(n => replacements.TryGetValue(n, out var replacement) ? replacement : n)
            .OfType<NodeProto>()
            .ToList();
        folded.Proto.Graph.Node.Clear();
        folded.Proto.Graph.Node.AddRange(nodes);
        return folded;
    }

    private static bool IsNormalization(NodeProto node) =>
        node.IsOnnx() && node.OpType == "BatchNormalization"
        && node.Integer("training_mode", 0) == 0 && node.Integer("spatial", 1) == 1
        && node.Output.Skip(1).All(o => o.Length == 0);

    private static bool TryFold(
        ModelGraph graph, NodeProto normalization, Parameters parameters, UniqueNames names, out NodeProto? replacement)
    {
        replacement = null;
        var value = normalization.Input[0];
        var index = graph.Producer(value);
        if (index < 0 || graph.IsOutput(value) || graph.IsCaptured(value) || graph.Consumers(value).Count != 1)
            return false;
        var layer = graph.Nodes[index];
        if (!layer.IsOnnx() || layer.OptionalInput(1) is not { } weightName
            || graph.Constant(weightName) is not { DataType: (int)DataType.Float } weight)
        {
            return false;
        }

        var channelAxis = ChannelAxis(graph, layer, weight);
        if (channelAxis is not { } axis || weight.Dims[axis] != parameters.Factor.Length)
            return false;
        var bias = new double[parameters.Factor.Length];
        if (layer.OpType != "MatMul" && layer.OptionalInput(2) is { } biasName && !TryReadBias(graph, biasName, bias))
            return false;

        var initializers = graph.Model.Proto.Graph.Initializer;
        var scaled = TensorValues.FromSingles(names.Make($"{weightName}_folded"), weight.Dims, Scale(weight, axis, parameters.Factor));
        initializers.Add(scaled);
        layer.Input[1] = scaled.Name;
        var shifted = TensorValues.FromSingles(
            names.Make($"{normalization.Input[2]}_folded"),
            [bias.Length],
            [.. bias.Select((b, c) => (float)((parameters.Factor[c] * (b - parameters.Mean[c])) + parameters.Shift[c]))]);
        initializers.Add(shifted);

        if (layer.OpType == "MatMul")
        {
            replacement = new NodeProto
            {
                OpType = "Add",
                Name = normalization.Name,
                Input = { value, shifted.Name },
                Output = { normalization.Output[0] },
            };
            return true;
        }

        while (layer.Input.Count < 3)
            layer.Input.Add(string.Empty);
        layer.Input[2] = shifted.Name;
        layer.Output[0] = normalization.Output[0];
        return true;
    }

    // The axis of the weight that output channels lie along, or null where channels are not what is normalized.
    private static int? ChannelAxis(ModelGraph graph, NodeProto layer, TensorProto weight) => layer.OpType switch
    {
        "Conv" when weight.Dims.Count >= 3 => 0,
        "Gemm" when weight.Dims.Count == 2 && layer.Single("alpha", 1) == 1 && layer.Single("beta", 1) == 1 =>
            layer.Integer("transB", 0) == 0 ? 1 : 0,

        // BatchNormalization works on axis 1, which is the last one of a product only where that is a matrix.
        "MatMul" when weight.Dims.Count == 2 && graph.RankOf(layer.Input[0]) == 2 => 1,
        _ => null,
    };

    private static bool TryReadBias(ModelGraph graph, string name, double[] bias)
    {
        if (graph.Constant(name) is not { DataType: (int)DataType.Float } tensor)
            return false;
        var values = TensorValues.ToSingles(tensor);

        // [N, 1] has as many values as there are channels, but one for each row of a Gemm's output.
        var perChannel = values.Length == bias.Length && tensor.Dims.Take(tensor.Dims.Count - 1).All(d => d == 1);
        if (!perChannel && values.Length != 1)
            return false;
        for (var i = 0; i < bias.Length; i++)
            bias[i] = values[values.Length == 1 ? 0 : i];
        return true;
    }

    private static float[] Scale(TensorProto weight, int axis, double[] factor)
    {
        var values = TensorValues.ToSingles(weight);
        var inner = (int)weight.Dims.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] * factor[i / inner % factor.Length]);
        return values;
    }

    private sealed record Parameters(double[] Factor, double[] Mean, double[] Shift)
    {
        internal static Parameters? Of(ModelGraph graph, NodeProto node)
        {
            if (node.Input.Count < 5)
                return null;
            var tensors = node.Input.Skip(1).Take(4).Select(graph.Constant).ToList();
            if (tensors.Any(t => t is not { DataType: (int)DataType.Float }))
                return null;
            var values = tensors.Select(t => TensorValues.ToSingles(t!)).ToList();
            if (values.Any(v => v.Length != values[0].Length))
                return null;
            var epsilon = node.Single("epsilon", 1e-5f);
            var factor = values[0].Select((scale, c) => scale / Math.Sqrt((double)values[3][c] + epsilon)).ToArray();
            return factor.All(double.IsFinite)
                ? new Parameters(factor, [.. values[2].Select(v => (double)v)], [.. values[1].Select(v => (double)v)])
                : null;
        }
    }
}
