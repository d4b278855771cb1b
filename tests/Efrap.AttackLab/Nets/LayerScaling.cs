using Efrap.AttackLab.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>LayerNormalization over the last axis (Ba et al., arXiv 1607.06450).</summary>
public sealed class LayerScaling : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private readonly Parameter _gain;
    private readonly Parameter _shift;
    private readonly long[] _shape;

    /// <summary>Makes the layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="width">The length of the last axis.</param>
    public LayerScaling(string name, int width)
        : base(name)
    {
        _shape = [width];
        _gain = new Parameter(ones(width));
        _shift = new Parameter(zeros(width));
        register_parameter("gain", _gain);
        register_parameter("shift", _shift);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, _gain, _shift, Epsilon);

    /// <summary>Adds the layer to an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input value.</param>
    /// <returns>The name of the output value.</returns>
    public string Emit(OnnxGraphBuilder graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.LayerNormalization(GetName(), input, _gain.ToConstant(), _shift.ToConstant(), (float)Epsilon);
    }
}
