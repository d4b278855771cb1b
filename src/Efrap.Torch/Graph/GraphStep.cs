using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Torch.Graph.Operators;

namespace Efrap.Torch.Graph;

/// <summary>One node on its way through the graph.</summary>
/// <param name="Node">The node.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="LastReads">The values that nobody reads after it; those of its own outputs that nobody reads at all are among them.</param>
internal sealed record GraphStep(NodeProto Node, string Name, Operator Operator, IReadOnlyList<string> LastReads);

/// <summary>The order in which a graph is computed.</summary>
internal static class GraphSteps
{
    // Enough to see what kind of model it is; the line must stay readable.
    private const int MostNamed = 6;

    /// <summary>The steps of a graph, its constants left out.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OperatorNotDifferentiable"/>.</exception>
    internal static IReadOnlyList<GraphStep> Of(ModelGraph graph)
    {
        var steps = new List<GraphStep>();
        var faults = new List<(string What, string Node)>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.OpType == "Constant" && node.Output.Count == 1 && graph.Constant(node.Output[0]) is not null)
                continue;
            var found = OperatorTable.Find(node);
            var name = DisplayName.Of(graph.DisplayName(i));
            if (found is null)
                faults.Add((DisplayName.Of(node.IsOnnx() ? node.OpType : $"{node.Domain}:{node.OpType}"), name));
            else if (FaultOf(graph, node, found) is { } fault)
                faults.Add(($"{DisplayName.Of(node.OpType)} {fault}", name));
            else
                steps.Add(new GraphStep(node, name, found, LastReads(graph, i)));
        }

        foreach (var sparse in graph.Model.Proto.Graph.SparseInitializer)
            faults.Add(("sparse initializers", DisplayName.Of(sparse.Values?.Name ?? string.Empty)));
        return faults.Count == 0 ? steps : throw NotDifferentiable(graph, faults);
    }

    private static string? FaultOf(ModelGraph graph, NodeProto node, Operator found)
    {
        if (node.Attribute.FirstOrDefault(a => !found.Attributes.Contains(a.Name)) is { } attribute)
            return $"with the attribute `{DisplayName.Of(attribute.Name)}`";
        for (var i = found.Outputs; i < node.Output.Count; i++)
        {
            if (node.Output[i].Length > 0 && (graph.Consumers(node.Output[i]).Count > 0 || graph.IsOutput(node.Output[i])))
                return $"with {i + 1} outputs";
        }

        return found.Refusal?.Invoke(graph, node);
    }

    private static IReadOnlyList<string> LastReads(ModelGraph graph, int index) =>
    [
        .. graph.Reads(index).Where(name => graph.Producer(name) >= 0 && graph.Constant(name) is null && graph.Consumers(name)[^1] == index)
            .Concat(graph.Nodes[index].Output.Where(name => name.Length > 0 && graph.Consumers(name).Count == 0))
            .Where(name => !graph.IsOutput(name)),
    ];

    private static EfrapException NotDifferentiable(ModelGraph graph, List<(string What, string Node)> faults)
    {
        var groups = faults.GroupBy(f => f.What).ToList();
        var named = groups.Take(MostNamed).Select(g =>
            g.Count() == 1 ? $"{Cut(g.Key)} (node `{Cut(g.First().Node)}`)" : $"{Cut(g.Key)} ({g.Count()} nodes)");
        var more = groups.Count > MostNamed ? $" and {groups.Count - MostNamed} more" : string.Empty;
        return new EfrapException(
            EfrapCode.OperatorNotDifferentiable,
            $"gradients cannot be taken through this model, which uses {string.Join(", ", named)}{more}; leave out what needs gradients.",
            graph.Model.Path);
    }

    private static string Cut(string text) => text.Length <= 60 ? text : text[..59] + "…";
}
