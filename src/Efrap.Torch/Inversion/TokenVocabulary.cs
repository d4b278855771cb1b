using Efrap.Core.Onnx;

namespace Efrap.Torch.Inversion;

/// <summary>The tokens that a model knows: the rows of the embedding that its input looks up.</summary>
internal static class TokenVocabulary
{
    /// <summary>A larger vocabulary is not searched: it would take hours, and a part of it says nothing about the rest.</summary>
    internal const int Largest = 4096;

    /// <summary>The tokens, or null where the input is no sequence of tokens or has too many.</summary>
    /// <param name="graph">A model with one input.</param>
    /// <param name="shape">The shape of its samples.</param>
    internal static IReadOnlyList<long>? Of(ModelGraph graph, IReadOnlyList<long> shape)
    {
        var input = graph.FedInputs.Single().Name;
        var embedding = graph.Consumers(input)
            .Select(i => graph.Nodes[i])
            .Where(n => n.OpType == "Gather" && n.Input.Count == 2 && n.Input[1] == input)
            .Select(n => graph.Constant(n.Input[0]))
            .FirstOrDefault(t => t is { Dims.Count: 2 });
        return shape.Count == 2 && embedding is not null && embedding.Dims[0] is > 0 and <= Largest
            ? [.. Enumerable.Range(0, (int)embedding.Dims[0]).Select(token => (long)token)]
            : null;
    }
}
