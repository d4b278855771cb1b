using Efrap.AttackLab.Nets;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Projected gradient descent of weights inside their rounding intervals. Steps are measured in units of each channel's scale,
/// so that every weight crosses its interval equally fast.
/// </summary>
public sealed class IntervalDescent : IDisposable
{
    private readonly List<Layer> _layers = [];

    /// <summary>Confines layers to the intervals around their present weights.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="grid">The quantization that must not see a change.</param>
    public IntervalDescent(IEnumerable<WeightLayer> layers, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var layer in layers)
            _layers.Add(Layer.Of(layer.Weight, RoundingIntervals.Around(layer.Values(), layer.Channels, grid)));
    }

    /// <summary>Moves the weights against their gradients, and clears those.</summary>
    /// <param name="rate">The length of a step in units of the scale; an interval is one unit wide.</param>
    public void Step(double rate)
    {
        using var noGradient = no_grad();
        using Scalar step = -rate;
        foreach (var layer in _layers)
        {
            using var scope = NewDisposeScope();
            var gradient = layer.Weight.grad!.mul_(layer.Scale);
            var moved = layer.Weight.add(layer.Adam.Next(gradient).mul_(layer.Scale), step);
            layer.Weight.copy_(moved.maximum(layer.Lower).minimum(layer.Upper));
            gradient.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _layers.ForEach(l => l.Dispose());

    private sealed record Layer(Parameter Weight, Tensor Scale, Tensor Lower, Tensor Upper, AdamDirection Adam) : IDisposable
    {
        public static Layer Of(Parameter weight, RoundingIntervals intervals) => new(
            weight,
            tensor(intervals.Scales.ToArray()).PerChannel(weight),
            tensor(intervals.Lower.ToArray()).reshape(weight.shape),
            tensor(intervals.Upper.ToArray()).reshape(weight.shape),
            new AdamDirection(weight));

        public void Dispose()
        {
            foreach (var owned in (IDisposable[])[Scale, Lower, Upper, Adam])
                owned.Dispose();
        }
    }
}
