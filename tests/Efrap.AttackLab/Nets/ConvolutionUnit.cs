using Efrap.AttackLab.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>A convolution, followed by BatchNormalization until that is folded into it.</summary>
public sealed class ConvolutionUnit : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _convolution;
    private readonly Normalization? _normalization;
    private readonly int _stride;
    private readonly int _padding;
    private readonly int _groups;

    /// <summary>Makes the unit with random weights.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="input">The number of input channels.</param>
    /// <param name="output">The number of output channels.</param>
    /// <param name="kernel">The kernel's side, odd.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="normalized">Whether BatchNormalization follows; without it the convolution has a bias.</param>
    /// <param name="groups">The number of groups; as many as channels for a depthwise convolution.</param>
    public ConvolutionUnit(string name, int input, int output, int kernel, int stride, bool normalized, int groups = 1)
        : base(name)
    {
        (_stride, _padding, _groups) = (stride, kernel / 2, groups);
        _convolution = nn.Conv2d(input, output, kernel, stride: stride, padding: _padding, groups: _groups, bias: !normalized);
        _normalization = normalized ? new Normalization($"{name}.normalization", output) : null;
        if (normalized)
            nn.init.kaiming_normal_(_convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        RegisterComponents();
    }

    /// <summary>The convolution's weights, [output, input / groups, kernel, kernel].</summary>
    public Parameter Weight => (Parameter)_convolution.weight!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var sum = _convolution.forward(input);
        return _normalization is null ? sum : _normalization.forward(sum);
    }

    /// <summary>Copies this unit's function, BatchNormalization folded, into a unit without it.</summary>
    /// <param name="target">A unit of the same sizes.</param>
    public void FoldInto(ConvolutionUnit target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_normalization is null)
        {
            target._convolution.weight!.copy_(_convolution.weight!);
            target._convolution.bias!.copy_(_convolution.bias!);
            return;
        }

        var (factor, summand) = _normalization.Affine();
        target._convolution.weight!.copy_(_convolution.weight! * factor.reshape(-1, 1, 1, 1));
        target._convolution.bias!.copy_(summand);
    }

    /// <summary>Adds the unit, which must be folded, to an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value.</param>
    /// <returns>The name of the output value.</returns>
    public string Emit(OnnxGraphBuilder graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (_normalization is not null)
            throw new InvalidOperationException("Fold BatchNormalization before exporting.");
        return graph.Convolution(GetName(), input, Weight.ToConstant(), _convolution.bias!.ToConstant(), _stride, _padding, _groups);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _convolution.Dispose();
            _normalization?.Dispose();
        }

        base.Dispose(disposing);
    }
}
