namespace Efrap.Core.Onnx;

/// <summary>Makes names for new values that no value of the graph, nor another new one, has.</summary>
/// <param name="graph">The graph.</param>
internal sealed class UniqueNames(ModelGraph graph)
{
    private readonly HashSet<string> _taken =
    [
        .. graph.Model.Proto.Graph.Input.Select(i => i.Name),
        .. graph.Model.Proto.Graph.Initializer.Select(i => i.Name),
        .. graph.Nodes.SelectMany(n => n.Output),
        .. graph.Nodes.SelectMany(Captures.SubgraphsOf).SelectMany(g => g.Node).SelectMany(n => n.Output),
    ];

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
}
