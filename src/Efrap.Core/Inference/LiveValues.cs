using Efrap.Core.Onnx;

namespace Efrap.Core.Inference;

/// <summary>Which values a sweep must hold at each cut: those made before it that something behind it still needs.</summary>
internal sealed class LiveValues
{
    private readonly List<(string Name, int Producer, int LastReader)> _spans = [];

    /// <summary>Looks at the part of a graph that the wanted values depend on.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wanted">The values that the sweep is after.</param>
    /// <param name="repeated">The nodes that every segment runs again where it needs them: not their values are held, but what they
    /// read. Null for none.</param>
    internal LiveValues(ModelGraph graph, IEnumerable<string> wanted, RepeatedNodes? repeated = null)
    {
        var fed = graph.FedInputs.Select(i => i.Name).ToHashSet();
        var lastReader = new Dictionary<string, int>();
        var aims = wanted.ToHashSet();
        var needed = new HashSet<string>(aims);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var outputs = graph.Nodes[i].Output;
            if (graph.IsConstantNode(i) || !outputs.Any(needed.Contains) || (repeated?.Contains(i) == true && !outputs.Any(aims.Contains)))
                continue;
            foreach (var name in repeated?.Held(i) ?? graph.Reads(i))
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
