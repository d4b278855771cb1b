using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>Makes names for new values that no value of the graph, nor another new one, has.</summary>
/// <param name="graph">The graph.</param>
internal sealed class UniqueNames(ModelGraph graph)
{
    // Names inside subgraphs count: a value there must not be called like one of the graph around it.
    private readonly HashSet<string> _taken = [.. NamesIn(graph.Model.Proto.Graph)];

    private readonly Dictionary<(string Value, string Suffix), string> _made = [];

    /// <summary>A new name, the wish itself where it is free.</summary>
    internal string Make(string wish)
    {
        var name = wish;
        for (var i = 2; !_taken.Add(name); i++)
            name = $"{wish}_{i}";
        return name;
    }

    /// <summary>The name of something that belongs to a value: the same at every call.</summary>
    internal string For(string value, string suffix) =>
        _made.TryGetValue((value, suffix), out var name) ? name : _made[(value, suffix)] = Make(value + suffix);

    // ModelGraph has bounded how deep this goes.
    private static IEnumerable<string> NamesIn(GraphProto graph) =>
        graph.Input.Select(i => i.Name)
            .Concat(graph.Initializer.Select(i => i.Name))
            .Concat(graph.SparseInitializer.Select(s => s.Values?.Name ?? string.Empty))
            .Concat(graph.Node.SelectMany(n => n.Output))
            .Concat(graph.Node.SelectMany(Captures.SubgraphsOf).SelectMany(NamesIn));
}
