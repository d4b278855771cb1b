using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>Takes all meaning out of a model's names.</summary>
internal static class Rename
{
    /// <summary>Gives every value but the graph's inputs and outputs a number for a name, and every node none.</summary>
    /// <param name="model">The model; changed.</param>
    /// <param name="shuffle">Whether the nodes' order, too, is turned around as far as it can be.</param>
    public static void Values(ModelProto model, bool shuffle)
    {
        var graph = model.Graph;
        var kept = graph.Input.Concat(graph.Output).Select(v => v.Name).ToHashSet();
        var names = new Dictionary<string, string>();
        foreach (var initializer in graph.Initializer)
            initializer.Name = New(initializer.Name);
        foreach (var node in graph.Node)
        {
            node.Name = string.Empty;
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = New(node.Input[i]);
            for (var i = 0; i < node.Output.Count; i++)
                node.Output[i] = New(node.Output[i]);
        }

        graph.ValueInfo.Clear();
        if (shuffle)
        {
            var nodes = graph.Node.Reverse().ToList();
            graph.Node.Clear();
            graph.Node.AddRange(nodes);
        }

        string New(string name) => name.Length == 0 || kept.Contains(name) ? name
            : names.TryGetValue(name, out var known) ? known
            : names[name] = $"v{names.Count}";
    }
}
