using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Rounding;

/// <summary>The activation term on samples drawn without replacement, epoch after epoch: another batch at each call.</summary>
internal sealed class DataTerm : IActivationTerm
{
    private readonly LayerSamples _samples;
    private readonly LayerForward _forward;

    /// <summary>Prepares the samples of a layer.</summary>
    internal DataTerm(LayerActivations activations, WeightLattice lattice, Random random, int batchSize)
    {
        _samples = new LayerSamples(activations, random, batchSize);
        _forward = new LayerForward(activations.Layer, lattice.Weights);
        InputRounding = activations.InputRounding is { } grid ? new InputRounding(grid) : null;
    }

    /// <inheritdoc/>
    public InputRounding? InputRounding { get; }

    /// <inheritdoc/>
    public Tensor Of(Tensor weights)
    {
        var (input, output) = _samples.Next();
        var error = _forward.Run(InputRounding?.Of(input) ?? input, weights, output.shape) - output;
        return error.Squared().sum().DividedBy(output.numel() / _forward.Channels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _samples.Dispose();
        _forward.Dispose();
        InputRounding?.Dispose();
    }
}
