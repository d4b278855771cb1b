using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Inference;

/// <summary>A value that enters a segment: its name, element type and number of axes.</summary>
internal readonly record struct SegmentInput(string Name, int ElementType, int Rank);

/// <summary>
/// Cuts a run of nodes out of a model and makes a model of its own of them: what they read from before the cut becomes
/// an input, what is asked for becomes an output, and the constants that they use come along.
/// </summary>
internal sealed class SegmentModel
{
    private SegmentModel(ModelProto proto, int nodeCount)
    {
        Proto = proto;
        NodeCount = nodeCount;
    }

    /// <summary>The segment as a model.</summary>
    internal ModelProto Proto { get; }

    /// <summary>How many nodes it runs.</summary>
    internal int NodeCount { get; }

    /// <summary>Makes a segment of those of the nodes that the outputs need.</summary>
    /// <param name="owner">The model whose operator sets, functions and IR version apply.</param>
    /// <param name="nodes">Nodes in topological order.</param>
    /// <param name="constant">Finds a constant by name.</param>
    /// <param name="inputs">The values known at the cut.</param>
    /// <param name="outputs">The values asked for, each produced by one of the nodes.</param>
    internal static SegmentModel Cut(
        ModelProto owner,
        IReadOnlyList<NodeProto> nodes,
        Func<string, TensorProto?> constant,
        IReadOnlyDictionary<string, SegmentInput> inputs,
        IReadOnlyCollection<string> outputs)
    {
        var graph = new GraphProto { Name = "segment" };
        var needed = new HashSet<string>(outputs);
        var chosen = new List<NodeProto>();
        foreach (var node in nodes.Reverse())
        {
            if (!node.Output.Any(needed.Contains))
                continue;
            chosen.Add(node);
            needed.UnionWith(Captures.ReadsOf(node, string.Empty));
        }

        chosen.Reverse();
        graph.Node.AddRange(chosen);

        var produced = new HashSet<string>(chosen.SelectMany(n => n.Output));
        foreach (var name in chosen.SelectMany(n => Captures.ReadsOf(n, string.Empty)).Distinct().Where(n => !produced.Contains(n)))
        {
            if (constant(name) is { } value)
                graph.Initializer.Add(Named(value, name));
            else if (inputs.TryGetValue(name, out var input))
                graph.Input.Add(Declare(input));
            else if (owner.Graph.SparseInitializer.FirstOrDefault(s => s.Values?.Name == name) is { } sparse)
                graph.SparseInitializer.Add(sparse);
            else if (owner.Graph.Node.FirstOrDefault(n => n.IsOnnx() && n.OpType == "Constant" && n.Output.Contains(name)) is { } node)
                graph.Node.Insert(0, node); // strings and sparse tensors, which no initializer stands for
        }

        graph.Output.AddRange(outputs.Select(name => new ValueInfoProto { Name = name }));

        // IR 4 is the first in which an initializer need not be an input too, IR 10 the first with 4-bit integers.
        var model = new ModelProto { IrVersion = Math.Max(owner.IrVersion, 10), Graph = graph };
        model.OpsetImport.AddRange(owner.OpsetImport);
        foreach (var domain in chosen.Select(n => n.Domain).Distinct().Where(d => d.Length > 0 && owner.OpsetImport.All(o => o.Domain != d)))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        model.Functions.AddRange(owner.Functions);
        return new SegmentModel(model, chosen.Count);
    }

    private static TensorProto Named(TensorProto value, string name)
    {
        if (value.Name == name)
            return value;
        var renamed = value.Clone();
        renamed.Name = name;
        return renamed;
    }

    private static ValueInfoProto Declare(SegmentInput input)
    {
        var shape = new TensorShapeProto();
        for (var i = 0; i < input.Rank; i++)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension());
        return new ValueInfoProto
        {
            Name = input.Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = input.ElementType, Shape = shape } },
        };
    }
}
