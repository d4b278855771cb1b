using System.Globalization;

namespace Efrap.Core.Indicators;

/// <summary>
/// How far rounding moves the mean of a layer's output channel, in standard deviations of the full-precision channel:
/// <c>max over channels of |μ_Q − μ_F| / σ_F</c>. Errors that fall by chance cancel over a channel's weights; those that were
/// trained to act together do not.
/// </summary>
internal sealed class ActivationDrift : PlaceboIndicator
{
    // A channel that hardly moves on any sample has no scale to measure by.
    private const double SmallestShareOfLayer = 1e-3;

    /// <inheritdoc/>
    public override string Name => "activation-drift";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.ActivationDrift;

    // A tenth of a standard deviation moves few samples across anything.
    internal override double Floor => 0.1;

    internal override bool NeedsClasses => false;

    internal override string Advice =>
        "Nearest rounding moves a channel further than rounding by chance does: do not round this model to nearest; harden it.";

    internal override (double Value, string? Where) Figure(RoundingComparison comparison, Behaviour rounded)
    {
        var (worst, where) = (0.0, (Layer: -1, Channel: 0));
        for (var layer = 0; layer < comparison.Layers.Count; layer++)
        {
            var (f, q) = (comparison.FullPrecision.Channels[layer], rounded.Channels[layer]);
            var channels = comparison.Layers[layer].Weights.Rows;
            var smallest = SmallestShareOfLayer * Enumerable.Range(0, channels).Max(f.Deviation);
            for (var channel = 0; channel < channels; channel++)
            {
                var drift = Math.Abs(q.Mean(channel) - f.Mean(channel)) / f.Deviation(channel);
                if (f.Deviation(channel) <= smallest || drift <= worst)
                    continue;
                (worst, where) = (drift, (layer, channel));
            }
        }

        return where.Layer < 0
            ? (0, null)
            : (worst, string.Create(CultureInfo.InvariantCulture, $"layer {comparison.Layers[where.Layer].Name}, channel {where.Channel}"));
    }
}
