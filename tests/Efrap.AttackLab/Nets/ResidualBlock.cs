using Efrap.AttackLab.Export;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>Two 3×3 convolutions beside a shortcut (He et al., arXiv 1512.03385).</summary>
public sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly ConvolutionUnit _first;
    private readonly ConvolutionUnit _second;
    private readonly ConvolutionUnit? _shortcut;

    /// <summary>Makes the block with random weights.</summary>
    /// <param name="name">The block's name.</param>
    /// <param name="input">The number of input channels.</param>
    /// <param name="output">The number of output channels.</param>
    /// <param name="stride">The first convolution's stride; the shortcut is a 1×1 convolution where shapes differ.</param>
    /// <param name="normalized">Whether BatchNormalization follows each convolution.</param>
    public ResidualBlock(string name, int input, int output, int stride, bool normalized)
        : base(name)
    {
        _first = new ConvolutionUnit($"{name}.first", input, output, 3, stride, normalized);
        _second = new ConvolutionUnit($"{name}.second", output, output, 3, 1, normalized);
        if (stride != 1 || input != output)
            _shortcut = new ConvolutionUnit($"{name}.shortcut", input, output, 1, stride, normalized);
        RegisterComponents();
    }

    /// <summary>The convolutions, in the order of execution.</summary>
    public IEnumerable<ConvolutionUnit> Units => _shortcut is null ? [_first, _second] : [_first, _second, _shortcut];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var straight = _shortcut is null ? input : _shortcut.forward(input);
        var detour = _second.forward(nn.functional.relu(_first.forward(input)));
        return nn.functional.relu(detour.Plus(straight));
    }

    /// <summary>Adds the block, which must be folded, to an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value.</param>
    /// <returns>The name of the output value.</returns>
    public string Emit(OnnxGraphBuilder graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var inner = graph.Relu($"{_first.GetName()}.relu", _first.Emit(graph, input));
        var detour = _second.Emit(graph, inner);
        var straight = _shortcut is null ? input : _shortcut.Emit(graph, input);
        return graph.Relu($"{GetName()}.relu", graph.Add($"{GetName()}.add", detour, straight));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _first.Dispose();
            _second.Dispose();
            _shortcut?.Dispose();
        }

        base.Dispose(disposing);
    }
}
