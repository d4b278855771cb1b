using Efrap.AttackLab.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>A fully connected layer over the last axis.</summary>
public sealed class DenseUnit : nn.Module<Tensor, Tensor>
{
    private readonly Linear _linear;

    /// <summary>Makes the layer with random weights.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="input">The number of inputs.</param>
    /// <param name="output">The number of outputs.</param>
    public DenseUnit(string name, int input, int output)
        : base(name)
    {
        _linear = nn.Linear(input, output);
        RegisterComponents();
    }

    /// <summary>The weights, [output, input].</summary>
    public Parameter Weight => (Parameter)_linear.weight!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _linear.forward(input);

    /// <summary>Copies the layer's parameters.</summary>
    /// <param name="target">A layer of the same sizes.</param>
    public void CopyTo(DenseUnit target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var noGradient = no_grad();
        target._linear.weight!.copy_(_linear.weight!);
        target._linear.bias!.copy_(_linear.bias!);
    }

    /// <summary>Adds the layer to an ONNX graph, for an input of two axes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value.</param>
    /// <param name="output">The name of the output value; null to have one made.</param>
    /// <returns>The name of the output value.</returns>
    public string EmitGemm(OnnxGraphBuilder graph, string input, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Gemm(GetName(), input, Weight.ToConstant(), _linear.bias!.ToConstant(), output);
    }

    /// <summary>Adds the layer to an ONNX graph, for an input of any number of axes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value.</param>
    /// <returns>The name of the output value.</returns>
    public string EmitMatMul(OnnxGraphBuilder graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Linear(GetName(), input, Weight.ToConstant(), _linear.bias!.ToConstant());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _linear.Dispose();
        base.Dispose(disposing);
    }
}
