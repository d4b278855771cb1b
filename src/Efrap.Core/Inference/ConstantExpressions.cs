using Efrap.Core.Onnx;

namespace Efrap.Core.Inference;

/// <summary>The nodes of a graph that depend on nothing but constants.</summary>
internal sealed class ConstantExpressions
{
    // Each run of these gives other values.
    private static readonly HashSet<string> Random =
        ["RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"];

    private readonly bool[] _nodes;

    /// <summary>Finds them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="except">Operators that do not count, nor what depends on them.</param>
    internal ConstantExpressions(ModelGraph graph, params IReadOnlyList<string> except)
    {
        _nodes = new bool[graph.Nodes.Count];
        for (var i = 0; i < _nodes.Length; i++)
        {
            var node = graph.Nodes[i];
            _nodes[i] = graph.IsConstantNode(i)
                || ((node.IsOnnx() || node.OpType == "DequantizeLinear")
                    && !Random.Contains(node.OpType)
                    && !except.Contains(node.OpType)
                    && graph.Reads(i).Count > 0
                    && graph.Reads(i).All(n => graph.Constant(n) is not null || (graph.Producer(n) >= 0 && _nodes[graph.Producer(n)])));
        }
    }

    /// <summary>Whether a node is one of them.</summary>
    /// <param name="index">Its index in <see cref="ModelGraph.Nodes"/>.</param>
    internal bool Contains(int index) => _nodes[index];
}
