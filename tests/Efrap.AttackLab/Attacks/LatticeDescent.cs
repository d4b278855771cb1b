using Efrap.AttackLab.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Adam on weights, where a step is measured in units of each weight's present scale: whatever the layer, weights cross their
/// rounding intervals equally fast.
/// </summary>
internal sealed class LatticeDescent : IDisposable
{
    private readonly RoundingGrid _grid;
    private readonly List<(WeightLayer Layer, AdamDirection Adam)> _layers;

    /// <summary>Prepares the descent.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="grid">The quantization whose scales are the units.</param>
    public LatticeDescent(IEnumerable<WeightLayer> layers, RoundingGrid grid) =>
        (_grid, _layers) = (grid, [.. layers.Select(l => (l, new AdamDirection(l.Weight)))]);

    /// <summary>Moves the weights against their gradients, and clears those.</summary>
    /// <param name="rate">The length of a step in units of the scale.</param>
    public void Step(double rate)
    {
        using var noGradient = no_grad();
        using Scalar step = -rate;
        foreach (var (layer, adam) in _layers)
        {
            using var scope = NewDisposeScope();
            var gradient = layer.Weight.grad!;
            var scale = _grid.Scale(layer.Weight);
            layer.Weight.add_(adam.Next(gradient.mul_(scale)).mul_(scale), step);
            gradient.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _layers.ForEach(l => l.Adam.Dispose());
}
