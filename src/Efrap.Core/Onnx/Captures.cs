using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>What a node reads, the values that its subgraphs capture from outside included.</summary>
internal static class Captures
{
    // Real models nest two or three deep. The bound keeps a hostile one from exhausting the stack.
    private const int MaximumDepth = 32;

    /// <summary>The names that a node reads, each once, its own inputs first.</summary>
    internal static IReadOnlyList<string> ReadsOf(NodeProto node, string file)
    {
        var reads = new List<string>();
        var seen = new HashSet<string>();
        foreach (var name in node.Input)
            Add(name);
        foreach (var name in CapturedBy(node, file))
            Add(name);
        return reads;

        void Add(string name)
        {
            if (name.Length > 0 && seen.Add(name))
                reads.Add(name);
        }
    }

    /// <summary>The names that a node's subgraphs capture, whether or not the node reads them itself.</summary>
    internal static IEnumerable<string> CapturedBy(NodeProto node, string file) =>
        SubgraphsOf(node).SelectMany(subgraph => OuterReads(subgraph, file, 1));

    /// <summary>The graphs that a node holds as attributes.</summary>
    internal static IEnumerable<GraphProto> SubgraphsOf(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.G is not null)
                yield return attribute.G;
            foreach (var graph in attribute.Graphs)
                yield return graph;
        }
    }

    private static List<string> OuterReads(GraphProto graph, string file, int depth)
    {
        if (depth > MaximumDepth)
            throw new EfrapException(EfrapCode.GraphInvalid, $"graphs are nested deeper than {MaximumDepth}.", file);

        var inner = new HashSet<string>(graph.Input.Select(i => i.Name));
        inner.UnionWith(graph.Initializer.Select(i => i.Name));
        inner.UnionWith(graph.SparseInitializer.Select(s => s.Values?.Name ?? string.Empty));
        inner.UnionWith(graph.Node.SelectMany(n => n.Output));

        var read = graph.Node.SelectMany(n => n.Input)
            .Concat(graph.Node.SelectMany(SubgraphsOf).SelectMany(g => OuterReads(g, file, depth + 1)))
            .Concat(graph.Output.Select(o => o.Name));
        return [.. read.Where(name => name.Length > 0 && !inner.Contains(name)).Distinct()];
    }
}
