using Efrap.AttackLab.Nets;
using Efrap.Torch.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// The weights of two nets at once: one lies on the points of a quantization grid, the other within the rounding interval of
/// each of its points. The grid's weights learn from both nets (the gradient passes the rounding as if it were not there,
/// Bengio et al., arXiv 1308.3432), so they move to where the attacker has what he wants and can still hide it.
/// </summary>
public sealed class TwinWeights : IDisposable
{
    private readonly List<Layer> _layers = [];
    private readonly Scalar _largestCode;
    private readonly Scalar _smallestCode;
    private readonly Scalar _reach = 0.5 - RoundingIntervals.Margin;
    private readonly Scalar _backReach = RoundingIntervals.Margin - 0.5;

    /// <summary>Couples two nets of the same weights, which become those of the nearest codes.</summary>
    /// <param name="onGrid">The layers of the net on the grid.</param>
    /// <param name="within">The layers of the net in its intervals.</param>
    /// <param name="grid">The quantization. Each channel keeps its scale and the weight that sets it.</param>
    public TwinWeights(IEnumerable<WeightLayer> onGrid, IEnumerable<WeightLayer> within, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(onGrid);
        ArgumentNullException.ThrowIfNull(within);
        ArgumentNullException.ThrowIfNull(grid);
        (_largestCode, _smallestCode) = (grid.MaximumCode, -grid.MaximumCode);
        foreach (var (first, second) in onGrid.Zip(within))
            _layers.Add(Layer.Of(first, second, grid));
        Place();
    }

    /// <summary>Moves both nets' weights against their gradients, and clears those.</summary>
    /// <param name="rate">The length of a step in units of the scale.</param>
    public void Step(double rate)
    {
        using (no_grad())
        {
            using Scalar step = -rate;
            foreach (var layer in _layers)
            {
                using var scope = NewDisposeScope();
                var within = layer.Within.grad!.mul_(layer.Step);
                var both = layer.OnGrid.grad!.mul_(layer.Step).Plus(within);
                layer.Latent.add_(layer.LatentAdam.Next(both), step).clamp_(_smallestCode, _largestCode);
                layer.Offset.add_(layer.OffsetAdam.Next(within), step).clamp_(_backReach, _reach);
                layer.OnGrid.grad!.zero_();
                within.zero_();
            }
        }

        Place();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _layers.ForEach(l => l.Dispose());
        foreach (var owned in (Scalar[])[_largestCode, _smallestCode, _reach, _backReach])
            owned.Dispose();
    }

    private void Place()
    {
        using var noGradient = no_grad();
        foreach (var layer in _layers)
        {
            using var scope = NewDisposeScope();
            var codes = layer.Latent.round();
            layer.OnGrid.copy_(codes * layer.Scale);
            layer.Within.copy_(codes.Plus(layer.Offset).clamp_(_smallestCode, _largestCode).mul_(layer.Scale));
        }
    }

    // Step is the scale, and 0 for weights that set a scale: they must not move.
    private sealed record Layer(
        Parameter OnGrid,
        Parameter Within,
        Tensor Scale,
        Tensor Step,
        Tensor Latent,
        Tensor Offset,
        AdamDirection LatentAdam,
        AdamDirection OffsetAdam) : IDisposable
    {
        public static Layer Of(WeightLayer onGrid, WeightLayer within, RoundingGrid grid)
        {
            var intervals = RoundingIntervals.Around(onGrid.Values(), onGrid.Channels, grid);
            var movable = intervals.Lower.Zip(intervals.Upper).Select(i => i.First < i.Second ? 1f : 0f).ToArray();
            using var noGradient = no_grad();
            using var mask = tensor(movable).reshape(onGrid.Weight.shape);
            var scale = tensor(intervals.Scales.ToArray()).PerChannel(onGrid.Weight);
            return new Layer(
                onGrid.Weight,
                within.Weight,
                scale,
                scale * mask,
                (onGrid.Weight / scale).nan_to_num(0),
                zeros_like(onGrid.Weight),
                new AdamDirection(onGrid.Weight),
                new AdamDirection(onGrid.Weight));
        }

        public void Dispose()
        {
            foreach (var owned in (IDisposable[])[Scale, Step, Latent, Offset, LatentAdam, OffsetAdam])
                owned.Dispose();
        }
    }
}
