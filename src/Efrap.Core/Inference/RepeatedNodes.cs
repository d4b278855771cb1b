using Efrap.Core.Onnx;

namespace Efrap.Core.Inference;

/// <summary>
/// The nodes of a quantized graph that every segment runs again where it needs their values, in place of holding those: what is
/// computed from constants alone, so that integers that have changed count from then on; and DequantizeLinear, which has to stand in
/// front of its reader for ONNX Runtime to choose the integer kernels that it chooses for the whole file.
/// </summary>
internal sealed class RepeatedNodes
{
    private readonly ModelGraph _graph;
    private readonly ConstantExpressions _constant;

    /// <summary>Finds them.</summary>
    internal RepeatedNodes(ModelGraph graph)
    {
        _graph = graph;
        _constant = new ConstantExpressions(graph);
    }

    /// <summary>Whether a node is one of them.</summary>
    /// <param name="index">Its index in <see cref="ModelGraph.Nodes"/>.</param>
    internal bool Contains(int index) => _constant.Contains(index) || _graph.Nodes[index].OpType == "DequantizeLinear";

    /// <summary>What must be held for a node to run: what it reads, and what the repeated nodes read that it reads from.</summary>
    /// <param name="index">The node's index in <see cref="ModelGraph.Nodes"/>.</param>
    internal IReadOnlyList<string> Held(int index)
    {
        var held = new HashSet<string>();
        var waiting = new Queue<string>(_graph.Reads(index));
        while (waiting.TryDequeue(out var name))
        {
            if (_graph.Producer(name) is var producer && (producer < 0 || !Contains(producer)))
            {
                held.Add(name);
                continue;
            }

            foreach (var read in _graph.Reads(producer))
                waiting.Enqueue(read);
        }

        return [.. held];
    }
}
