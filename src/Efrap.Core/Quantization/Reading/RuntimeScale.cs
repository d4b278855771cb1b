using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization.Reading;

/// <summary>
/// Finds the scale of a weight whose product is scaled only afterwards: ConvInteger and MatMulInteger give int32, which is cast to
/// float and multiplied with the activation's scale, as a rule known at run time, times the weight's, a constant.
/// </summary>
internal static class RuntimeScale
{
    // Cast, Mul, Mul, and what might stand between.
    private const int MostSteps = 8;

    /// <summary>The name of the constant; null where the graph shows none, or several and none by the weight's name.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node that multiplies integers.</param>
    /// <param name="weight">The name of its weight's codes.</param>
    internal static string? Of(ModelGraph graph, NodeProto node, string weight)
    {
        var value = node.Output.Count > 0 ? node.Output[0] : string.Empty;
        for (var step = 0; step < MostSteps && graph.Consumers(value) is [var next]; step++)
        {
            var reader = graph.Nodes[next];
            if (!reader.IsOnnx() || reader.Output.Count == 0)
                return null;
            if (reader.OpType == "Mul")
                return Choose(Constants(graph, reader, value), weight);
            if (reader.OpType is not ("Cast" or "Identity" or "Reshape"))
                return null;
            value = reader.Output[0];
        }

        return null;
    }

    private static string? Choose(List<string> constants, string weight) => constants is [var only]
        ? only
        : constants.FirstOrDefault(c => c == $"{weight}_scale" || c == $"{BaseName.Of(weight)}_scale");

    // The other factor is the weight's scale, or a product of it and the activation's.
    private static List<string> Constants(ModelGraph graph, NodeProto multiplication, string product)
    {
        var factors = new Queue<string>(multiplication.Input.Where(i => i != product));
        var constants = new List<string>();
        for (var step = 0; step < MostSteps && factors.TryDequeue(out var factor); step++)
        {
            if (graph.Constant(factor) is not null)
                constants.Add(factor);
            else if (graph.Producer(factor) is >= 0 and var index && graph.Nodes[index] is { OpType: "Mul" } inner && inner.IsOnnx())
                inner.Input.ToList().ForEach(factors.Enqueue);
        }

        return constants;
    }
}
