using System.Globalization;

namespace Efrap.Core.Indicators;

/// <summary>
/// How far rounding moves the mean of a layer's output channel, in standard deviations of the full-precision channel:
/// <c>max over channels of |μ_Q − μ_F| / σ_F</c>. Errors that fall by chance cancel over a channel's weights; those that were
/// trained to act together do not.
/// </summary>
internal sealed class ActivationDrift : PlaceboIndicator
{
    /// <inheritdoc/>
    public override string Name => "activation-drift";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.ActivationDrift;

    // A tenth of a standard deviation moves few samples across anything.
    internal override double Floor => 0.1;

    internal override bool NeedsClasses => false;

    internal override string Effect => "moves a channel further";

    internal override (double Value, string? Where) Figure(RoundingComparison comparison, Behaviour rounded)
    {
        var (worst, where) = (0.0, (Layer: -1, Channel: 0));
        for (var layer = 0; layer < comparison.Layers.Count; layer++)
        {
            var (drift, channel) = comparison.Drift(rounded, layer);
            if (drift > worst || double.IsNaN(drift))
                (worst, where) = (drift, (layer, channel));
        }

        return where.Layer < 0
            ? (0, null)
            : (worst, string.Create(CultureInfo.InvariantCulture, $"layer {comparison.Layers[where.Layer].Name}, channel {where.Channel}"));
    }
}
