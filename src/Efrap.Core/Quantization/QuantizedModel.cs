using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf.Collections;

namespace Efrap.Core.Quantization;

/// <summary>Puts the quantized nodes and constants in place of the original ones and leaves the rest of the model as it was.</summary>
internal static class QuantizedModel
{
    /// <summary>Makes the output model.</summary>
    /// <param name="graph">The original.</param>
    /// <param name="format">What the quantized nodes need of the model's header.</param>
    /// <param name="nodes">The quantized nodes, in topological order.</param>
    /// <param name="constants">The constants that they use beside the original ones.</param>
    internal static ModelProto Assemble(
        ModelGraph graph, QuantizationFormat format, IReadOnlyList<NodeProto> nodes, IEnumerable<TensorProto> constants)
    {
        var original = graph.Model.Proto;
        nodes = WithoutUnreadConstants(graph, nodes);
        var model = original.Clone();
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(nodes);

        var read = new HashSet<string>(nodes.SelectMany(n => Captures.ReadsOf(n, graph.Model.Path)));
        read.UnionWith(model.Graph.Output.Select(o => o.Name));
        var dropped = original.Graph.Initializer.Select(i => i.Name).Where(n => !read.Contains(n)).ToHashSet();
        Keep(model.Graph.Initializer, i => !dropped.Contains(i.Name));
        model.Graph.Initializer.AddRange(constants);

        // Up to IR 3 every initializer had to be an input too. From IR 4 on that would make it a default that a caller
        // may override, and so no constant any more.
        if (original.IrVersion < 4)
            dropped.UnionWith(original.Graph.Initializer.Select(i => i.Name));
        Keep(model.Graph.Input, i => !dropped.Contains(i.Name));
        var produced = new HashSet<string>(nodes.SelectMany(n => n.Output));
        Keep(model.Graph.ValueInfo, v => produced.Contains(v.Name));

        model.IrVersion = Math.Max(model.IrVersion, format.IrVersion);
        if (format.Domain.Length > 0 && graph.Model.OpsetOf(format.Domain) is null)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = format.Domain, Version = 1 });
        return model;
    }

    // A layer's weight may come from a Constant node, or through Identity: nobody reads its float values any more.
    private static List<NodeProto> WithoutUnreadConstants(ModelGraph graph, IReadOnlyList<NodeProto> nodes)
    {
        var read = graph.Model.Proto.Graph.Output.Select(o => o.Name).ToHashSet();
        var kept = new List<NodeProto>();
        foreach (var node in nodes.Reverse())
        {
            var constant = node.Output.Any(o => graph.Producer(o) is >= 0 and var index && graph.IsConstantNode(index));
            if (constant && !node.Output.Any(read.Contains))
                continue;
            read.UnionWith(Captures.ReadsOf(node, graph.Model.Path));
            kept.Add(node);
        }

        kept.Reverse();
        return kept;
    }

    private static void Keep<T>(RepeatedField<T> field, Func<T, bool> wanted)
    {
        var kept = field.Where(wanted).ToList();
        field.Clear();
        field.AddRange(kept);
    }
}
