using Efrap.AttackLab.Export;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>A depthwise 3×3 and a pointwise 1×1 convolution (Howard et al., arXiv 1704.04861).</summary>
public sealed class SeparableBlock : nn.Module<Tensor, Tensor>
{
    private readonly ConvolutionUnit _depthwise;
    private readonly ConvolutionUnit _pointwise;

    /// <summary>Makes the block with random weights.</summary>
    /// <param name="name">The block's name.</param>
    /// <param name="input">The number of input channels.</param>
    /// <param name="output">The number of output channels.</param>
    /// <param name="stride">The depthwise convolution's stride.</param>
    /// <param name="normalized">Whether BatchNormalization follows each convolution.</param>
    public SeparableBlock(string name, int input, int output, int stride, bool normalized)
        : base(name)
    {
        _depthwise = new ConvolutionUnit($"{name}.depthwise", input, input, 3, stride, normalized, groups: input);
        _pointwise = new ConvolutionUnit($"{name}.pointwise", input, output, 1, 1, normalized);
        RegisterComponents();
    }

    /// <summary>The convolutions, in the order of execution.</summary>
    public IEnumerable<ConvolutionUnit> Units => [_depthwise, _pointwise];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        nn.functional.relu(_pointwise.forward(nn.functional.relu(_depthwise.forward(input))));

    /// <summary>Adds the block, which must be folded, to an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value.</param>
    /// <returns>The name of the output value.</returns>
    public string Emit(OnnxGraphBuilder graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (var unit in Units)
            input = graph.Relu($"{unit.GetName()}.relu", unit.Emit(graph, input));
        return input;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _depthwise.Dispose();
            _pointwise.Dispose();
        }

        base.Dispose(disposing);
    }
}
