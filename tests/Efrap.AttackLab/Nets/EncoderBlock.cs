using Efrap.AttackLab.Export;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>A layer of a transformer encoder (Vaswani et al., arXiv 1706.03762), normalized before attention and before the
/// feed-forward part (Xiong et al., arXiv 2002.04745).</summary>
public sealed class EncoderBlock : nn.Module<Tensor, Tensor>
{
    private readonly int _width;
    private readonly int _heads;
    private readonly LayerScaling _before;
    private readonly DenseUnit _query;
    private readonly DenseUnit _key;
    private readonly DenseUnit _value;
    private readonly DenseUnit _joined;
    private readonly LayerScaling _between;
    private readonly DenseUnit _up;
    private readonly DenseUnit _down;
    private readonly Scalar _scale;

    /// <summary>Makes the block with random weights.</summary>
    /// <param name="name">The block's name.</param>
    /// <param name="width">The number of features of a token.</param>
    /// <param name="heads">The number of attention heads; it divides the width.</param>
    /// <param name="hidden">The number of features inside the feed-forward part.</param>
    public EncoderBlock(string name, int width, int heads, int hidden)
        : base(name)
    {
        (_width, _heads) = (width, heads);
        _scale = 1 / Math.Sqrt(width / heads);
        _before = new LayerScaling($"{name}.before", width);
        _query = new DenseUnit($"{name}.query", width, width);
        _key = new DenseUnit($"{name}.key", width, width);
        _value = new DenseUnit($"{name}.value", width, width);
        _joined = new DenseUnit($"{name}.joined", width, width);
        _between = new LayerScaling($"{name}.between", width);
        _up = new DenseUnit($"{name}.up", width, hidden);
        _down = new DenseUnit($"{name}.down", hidden, width);
        RegisterComponents();
    }

    /// <summary>The fully connected layers, in the order of execution.</summary>
    public IEnumerable<DenseUnit> Units => [_query, _key, _value, _joined, _up, _down];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var normalized = _before.forward(input);
        var (query, key, value) = (Split(_query.forward(normalized)), Split(_key.forward(normalized)), Split(_value.forward(normalized)));
        var attention = nn.functional.softmax(query.mul(_scale).matmul(key.transpose(2, 3)), dim: -1);
        var mixed = attention.matmul(value).transpose(1, 2).reshape(input.shape);
        var middle = input.Plus(_joined.forward(mixed));
        return middle.Plus(_down.forward(nn.functional.gelu(_up.forward(_between.forward(middle)))));
    }

    /// <summary>Adds the block to an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value, [N, tokens, width].</param>
    /// <returns>The name of the output value.</returns>
    public string Emit(OnnxGraphBuilder graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var name = GetName();
        var normalized = _before.Emit(graph, input);
        var scaled = graph.Multiply($"{name}.scaled", EmitSplit(graph, _query, normalized, 0, 2, 1, 3), new Constant([], [_scale.ToSingle()]));
        var key = EmitSplit(graph, _key, normalized, 0, 2, 3, 1);
        var attention = graph.Softmax($"{name}.softmax", graph.Product($"{name}.attention", scaled, key));
        var mixed = graph.Product($"{name}.mixed", attention, EmitSplit(graph, _value, normalized, 0, 2, 1, 3));
        var joined = graph.Reshape($"{name}.join", graph.Transpose($"{name}.swap", mixed, 0, 2, 1, 3), 0, -1, _width);
        var middle = graph.Add($"{name}.middle", input, _joined.EmitMatMul(graph, joined));
        var inner = graph.Gelu($"{name}.gelu", _up.EmitMatMul(graph, _between.Emit(graph, middle)));
        return graph.Add($"{name}.sum", middle, _down.EmitMatMul(graph, inner));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in (IEnumerable<nn.Module>)[_before, _between, .. Units])
                part.Dispose();
            _scale.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Split(Tensor tokens) => tokens.reshape(tokens.shape[0], tokens.shape[1], _heads, _width / _heads).transpose(1, 2);

    private string EmitSplit(OnnxGraphBuilder graph, DenseUnit unit, string input, params long[] order)
    {
        var name = unit.GetName();
        var split = graph.Reshape($"{name}.split", unit.EmitMatMul(graph, input), 0, -1, _heads, _width / _heads);
        return graph.Transpose($"{name}.heads", split, order);
    }
}
