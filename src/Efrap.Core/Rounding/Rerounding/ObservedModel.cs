using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Rounding.Rerounding;

/// <summary>A quantized model as the file has it, in which the input of each layer that is rounded anew can be had as floats.</summary>
internal sealed class ObservedModel
{
    private ObservedModel(OnnxModel model, SourceMatches matches)
    {
        var graph = new ModelGraph(model);
        var readers = new WeightReaders(graph);
        var names = new UniqueNames(graph);
        var observed = new List<(SourceMatch Match, QuantizableLayer Layer)>();
        var left = new List<SkippedNode>(matches.Unmatched);
        var added = new Dictionary<NodeProto, InputObservation>(ReferenceEqualityComparer.Instance);
        foreach (var match in matches.Matches)
        {
            var use = match.Tensor.Uses[0];
            var (layer, reason) = LayerFit.Of(graph, match);
            reason ??= readers.Other(match.Tensor);
            var input = default(InputObservation);
            if (reason is null)
                (input, reason) = InputObservation.Of(graph, match.Tensor, names);
            if (reason is not null)
            {
                left.Add(new SkippedNode(use.Name, use.Operator, reason));
                continue;
            }

            added[graph.Nodes[use.NodeIndex]] = input!;
            observed.Add((match, layer! with { Input = input!.Name }));
        }

        Graph = new ModelGraph(model with { Proto = Insert(model.Proto, added) });
        Layers = [.. observed
            .Select(o => new ObservedLayer(o.Match, Graph.Producer(o.Match.Tensor.Uses[0].Output), o.Layer))
            .OrderBy(l => l.NodeIndex)];
        Left = left;
    }

    /// <summary>The model with the nodes that compute those inputs.</summary>
    internal ModelGraph Graph { get; }

    /// <summary>The layers to round, in the order of execution.</summary>
    internal IReadOnlyList<ObservedLayer> Layers { get; }

    /// <summary>The nodes whose quantized weights stay as they are, with the reason.</summary>
    internal IReadOnlyList<SkippedNode> Left { get; }

    /// <summary>Looks at the matched weights of a model.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="matches">Its weights beside their source's.</param>
    internal static ObservedModel Of(OnnxModel model, SourceMatches matches) => new(model, matches);

    private static ModelProto Insert(ModelProto model, Dictionary<NodeProto, InputObservation> added)
    {
        var result = model.Clone();
        result.Graph.Node.Clear();
        foreach (var node in model.Graph.Node)
        {
            if (added.TryGetValue(node, out var input))
                result.Graph.Node.AddRange(input.Nodes);
            result.Graph.Node.Add(node);
        }

        return result;
    }
}
