using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>
/// Raises a model's operator set to 10, the first with the integer convolution that ONNX Runtime puts in place of a
/// quantized one. Between 7 and 10 only a handful of operators changed in ways that a file can tell; those are
/// rewritten, and where one cannot be, the raise is refused.
/// </summary>
internal static class OpsetUpgrade
{
    /// <summary>The operator set that integer kernels need.</summary>
    internal const long Target = 10;

    // Older operators broadcast by attributes, and Scan of operator set 8 has another signature altogether.
    private const long Oldest = 7;

    // ONNX Runtime still runs these experimental operators in models below operator set 10, and only there.
    private static readonly HashSet<string> Experimental =
        ["Affine", "ATen", "Crop", "DynamicSlice", "GivenTensorFill", "GRUUnit", "ImageScaler", "ParametricSoftplus", "Scale", "ScaledTanh"];

    /// <summary>Raises the operator set where it is lower.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <returns>The raised model, or the same one when it is recent enough.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.NothingToQuantize"/> naming the node that stands in the way.</exception>
    internal static OnnxModel Raise(OnnxModel model)
    {
        if (model.Opset >= Target)
            return model;
        if (model.Opset < Oldest)
            throw Refused(model, $"its operator set {model.Opset} is older than {Oldest}");

        var graph = new ModelGraph(model);
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            if (Obstacle(graph, graph.Nodes[i]) is { } obstacle)
                throw Refused(model, $"node `{graph.DisplayName(i)}` ({graph.Nodes[i].OpType}) {obstacle}");
        }

        var raised = model with { Proto = model.Proto.Clone() };
        var names = new UniqueNames(graph);
        foreach (var node in raised.Proto.Graph.Node.Where(n => n.IsOnnx()))
            Rewrite(node, raised.Proto.Graph, names);
        foreach (var import in raised.Proto.OpsetImport.Where(o => o.Domain is "" or "ai.onnx"))
            import.Version = Target;
        return raised;
    }

    private static string? Obstacle(ModelGraph graph, NodeProto node)
    {
        if (Captures.SubgraphsOf(node).Any())
            return "holds a subgraph, which would have to be raised with it";
        if (!node.IsOnnx())
            return null;
        return node.OpType switch
        {
            _ when Experimental.Contains(node.OpType) => "is experimental and has no place in later operator sets",
            "BatchNormalization" when node.Integer("spatial", 1) != 1 || node.Output.Skip(1).Any(o => o.Length > 0) =>
                "normalizes in a way that later operator sets do not offer",
            "Dropout" when node.Output.Skip(1).Any(o => o.Length > 0 && (graph.IsOutput(o) || graph.Consumers(o).Count > 0)) =>
                "hands out its mask, whose type has changed",
            _ => null,
        };
    }

    private static void Rewrite(NodeProto node, GraphProto graph, UniqueNames names)
    {
        switch (node.OpType)
        {
            case "BatchNormalization":
                Drop(node, "spatial");
                break;
            case "Dropout":
                while (node.Output.Count > 1)
                    node.Output.RemoveAt(1);
                break;
            case "Upsample":
                node.OpType = "Resize";
                if (node.Attribute.FirstOrDefault(a => a.Name == "scales") is { } scales)
                {
                    AddInput(node, graph, TensorValues.FromSingles(names.Make($"{node.Output[0]}_scales"), [scales.Floats.Count], [.. scales.Floats]));
                    Drop(node, "scales");
                }

                break;
            case "TopK" when node.Attribute.Any(a => a.Name == "k"):
                AddInput(node, graph, TensorValues.FromInt64s(names.Make($"{node.Output[0]}_k"), [1], [node.Integer("k", 1)]));
                Drop(node, "k");
                break;
            case "Slice" when node.Integers("starts") is { } starts && node.Integers("ends") is { } ends:
                var axes = node.Integers("axes") ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
                AddInput(node, graph, TensorValues.FromInt64s(names.Make($"{node.Output[0]}_starts"), [starts.Count], [.. starts]));
                AddInput(node, graph, TensorValues.FromInt64s(names.Make($"{node.Output[0]}_ends"), [ends.Count], [.. ends]));
                AddInput(node, graph, TensorValues.FromInt64s(names.Make($"{node.Output[0]}_axes"), [axes.Count], [.. axes]));
                Drop(node, "starts", "ends", "axes");
                break;
            default:
                break;
        }
    }

    private static void AddInput(NodeProto node, GraphProto graph, TensorProto value)
    {
        graph.Initializer.Add(value);
        node.Input.Add(value.Name);
    }

    private static void Drop(NodeProto node, params ReadOnlySpan<string> attributes)
    {
        for (var i = node.Attribute.Count - 1; i >= 0; i--)
        {
            if (attributes.Contains(node.Attribute[i].Name))
                node.Attribute.RemoveAt(i);
        }
    }

    private static EfrapException Refused(OnnxModel model, string why) => new(
        EfrapCode.NothingToQuantize,
        $"integer kernels need operator set {Target}, and this model cannot be raised to it: {why}. "
        + "Export it with a newer operator set, or use the precision int8-weights.",
        model.Path);
}
