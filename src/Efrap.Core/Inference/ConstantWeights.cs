using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Inference;

/// <summary>
/// Evaluates weights that a model computes from constants (a Reshape, Transpose or Cast of an initializer), so that
/// they can be seen and quantized like any others.
/// </summary>
internal static class ConstantWeights
{
    private static readonly HashSet<string> LayerOperators = ["Conv", "Gemm", "MatMul"];

    /// <summary>Gives each layer whose weight or bias is such an expression an initializer instead.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <returns>The model with evaluated weights, or the same one when there is nothing to evaluate.</returns>
    internal static OnnxModel Evaluate(OnnxModel model)
    {
        var graph = new ModelGraph(model);

        // Integers behind DequantizeLinear are a rounding that somebody chose.
        var expressions = new ConstantExpressions(graph, except: "DequantizeLinear");
        var wanted = graph.Nodes
            .Where(n => n.IsOnnx() && LayerOperators.Contains(n.OpType))
            .SelectMany(n => n.Input.Skip(1))
            .Where(n => graph.Producer(n) is >= 0 and var i && expressions.Contains(i) && !graph.IsConstantNode(i))
            .Distinct()
            .ToList();
        if (wanted.Count == 0)
            return model;

        var values = Run(graph, expressions, wanted);
        var names = new UniqueNames(graph);
        var result = model with { Proto = model.Proto.Clone() };
        foreach (var (name, value) in wanted.Zip(values))
        {
            value.Name = names.Make($"{name}_evaluated");
            result.Proto.Graph.Initializer.Add(value);
            foreach (var node in result.Proto.Graph.Node.Where(n => n.IsOnnx() && LayerOperators.Contains(n.OpType)))
            {
                for (var i = 1; i < node.Input.Count; i++)
                {
                    if (node.Input[i] == name)
                        node.Input[i] = value.Name;
                }
            }
        }

        RemoveUnread(result.Proto.Graph, new ModelGraph(result));
        return result;
    }

    private static List<TensorProto> Run(ModelGraph graph, ConstantExpressions expressions, List<string> wanted)
    {
        var nodes = graph.Nodes.Where((_, i) => expressions.Contains(i) && !graph.IsConstantNode(i)).ToList();
        var segment = SegmentModel.Cut(graph.Model.Proto, nodes, graph.Constant, new Dictionary<string, SegmentInput>(), wanted);
        using var session = OrtSessions.Create(segment.Proto, graph.Model.Path);
        using var run = new RunOptions();
        try
        {
            using var results = session.Run(run, Array.Empty<string>(), Array.Empty<OrtValue>(), wanted);
            return [.. results.Select(ToTensor)];
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtSessions.NotRunnable(graph.Model.Path, e);
        }
    }

    private static TensorProto ToTensor(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new TensorProto
        {
            DataType = (int)info.ElementDataType,
            Dims = { info.Shape },
            RawData = Google.Protobuf.ByteString.CopyFrom(value.GetTensorMutableRawData()),
        };
    }

    // What computed the weights would otherwise stay in the file, and its full-precision copy of them with it.
    private static void RemoveUnread(GraphProto proto, ModelGraph graph)
    {
        var needed = new HashSet<string>(proto.Output.Select(o => o.Name));
        var kept = new List<NodeProto>();
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (!graph.Nodes[i].Output.Any(needed.Contains))
                continue;
            needed.UnionWith(graph.Reads(i));
            kept.Add(graph.Nodes[i]);
        }

        kept.Reverse();
        proto.Node.Clear();
        proto.Node.AddRange(kept);
    }
}
