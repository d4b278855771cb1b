using Efrap.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>
/// BatchNormalization over height and width (Ioffe and Szegedy, arXiv 1502.03167). TorchSharp's own module hands the native
/// side a number that the garbage collector may free while it is read, which now and then ends a training.
/// </summary>
public sealed class Normalization : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private readonly Parameter _gain;
    private readonly Parameter _shift;
    private readonly Tensor _mean;
    private readonly Tensor _variance;

    /// <summary>Makes the layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="channels">The number of channels.</param>
    public Normalization(string name, int channels)
        : base(name)
    {
        _gain = new Parameter(ones(channels));
        _shift = new Parameter(zeros(channels));
        _mean = zeros(channels);
        _variance = ones(channels);
        register_parameter("gain", _gain);
        register_parameter("shift", _shift);
        register_buffer("mean", _mean);
        register_buffer("variance", _variance);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        nn.functional.batch_norm(input, _mean, _variance, _gain, _shift, training, momentum: 0.1, eps: Epsilon);

    /// <summary>The factor and the summand per channel that the layer amounts to in evaluation mode.</summary>
    /// <returns>[channels] each.</returns>
    public (Tensor Factor, Tensor Summand) Affine()
    {
        var factor = _gain / _variance.Plus(Epsilon).sqrt();
        return (factor, _shift - (_mean * factor));
    }
}
