using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Lends a net other weights for one forward and one backward pass. What is learned there goes to the weights' own gradients:
/// it passes the rounding as if it were not there (the straight-through estimator of Bengio et al., arXiv 1308.3432).
/// </summary>
internal sealed class RoundedWeights : IDisposable
{
    private readonly IReadOnlyList<WeightLayer> _layers;
    private readonly Tensor[] _own;

    private RoundedWeights(IReadOnlyList<WeightLayer> layers, Func<WeightLayer, int, Tensor> lent)
    {
        _layers = layers;
        using var noGradient = no_grad();
        _own = [.. layers.Select(l => l.Weight.clone())];
        for (var i = 0; i < layers.Count; i++)
        {
            using var scope = NewDisposeScope();
            layers[i].Weight.copy_(lent(layers[i], i));
        }
    }

    /// <summary>Rounds weights to nearest.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="grid">The quantization.</param>
    /// <returns>What gives the weights back when it is disposed of.</returns>
    public static RoundedWeights Nearest(IReadOnlyList<WeightLayer> layers, RoundingGrid grid) =>
        new(layers, (l, i) => grid.Of(i, layers.Count).Round(l.Weight));

    /// <summary>Puts any weights in.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="weights">The weights of a layer.</param>
    /// <returns>What gives the weights back when it is disposed of.</returns>
    public static RoundedWeights Of(IReadOnlyList<WeightLayer> layers, Func<WeightLayer, Tensor> weights) => new(layers, (l, _) => weights(l));

    /// <inheritdoc/>
    public void Dispose()
    {
        using var noGradient = no_grad();
        foreach (var (layer, own) in _layers.Zip(_own))
        {
            layer.Weight.copy_(own);
            own.Dispose();
        }
    }
}
