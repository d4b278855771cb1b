using Efrap.Core.Onnx;

namespace Efrap.Core.Inference;

/// <summary>Which values a sweep must hold at each cut: those made before it that something behind it still needs.</summary>
internal sealed class LiveValues
{
    private readonly List<(string Name, int Producer, int LastReader)> _spans = [];

    /// <summary>Looks at the part of a graph that the wanted values depend on.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wanted">The values that the sweep is after.</param>
    internal LiveValues(ModelGraph graph, IEnumerable<string> wanted)
    {
        var fed = graph.FedInputs.Select(i => i.Name).ToHashSet();
        var lastReader = new Dictionary<string, int>();
        var needed = new HashSet<string>(wanted);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.IsConstantNode(i) || !graph.Nodes[i].Output.Any(needed.Contains))
                continue;
            foreach (var name in graph.Reads(i))
            {
                needed.Add(name);
                lastReader.TryAdd(name, i);
            }
        }

        foreach (var (name, reader) in lastReader)
        {
            var producer = graph.Producer(name);
            var computed = producer >= 0 ? !graph.IsConstantNode(producer) : fed.Contains(name);
            if (computed)
                _spans.Add((name, producer, reader));
        }
    }

    /// <summary>The values that are live just before a node.</summary>
    /// <param name="position">The node's index in <see cref="ModelGraph.Nodes"/>.</param>
    internal IEnumerable<string> At(int position) =>
        _spans.Where(s => s.Producer < position && position <= s.LastReader).Select(s => s.Name);
}
