using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Rounding.Rerounding;

/// <summary>Who else reads the integers of a weight: other integers would change what those compute, too.</summary>
/// <param name="graph">The model.</param>
internal sealed class WeightReaders(ModelGraph graph)
{
    private readonly ConstantExpressions _expressions = new(graph);

    // A constant may go by several names.
    private readonly ILookup<TensorProto, string> _names = graph.Nodes
        .SelectMany((_, i) => graph.Reads(i))
        .Distinct()
        .Where(name => graph.Constant(name) is not null)
        .ToLookup<string, TensorProto>(name => graph.Constant(name)!, ReferenceEqualityComparer.Instance);

    /// <summary>Why a weight must stay because of a reader that is none of its uses; null where there is none.</summary>
    /// <param name="tensor">The weight.</param>
    internal string? Other(QuantizedTensor tensor)
    {
        var uses = tensor.Uses.Select(u => u.NodeIndex).ToHashSet();
        var seen = new HashSet<string>();
        var waiting = new Queue<string>(_names[graph.Constant(tensor.CodesName)!]);
        while (waiting.TryDequeue(out var name))
        {
            if (!seen.Add(name))
                continue;
            foreach (var index in graph.Consumers(name).Where(i => !uses.Contains(i)))
            {
                var node = graph.Nodes[index];
                if (!_expressions.Contains(index))
                    return $"`{graph.DisplayName(index)}` ({ValueText.Operator(node)}) reads its integers, too";
                foreach (var output in node.Output)
                    waiting.Enqueue(output);
            }
        }

        return null;
    }
}
