using Efrap.AttackLab.Nets;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Projected gradient descent of weights inside a box: an Adam step (arXiv 1412.6980) measured in units of each channel's
/// scale, so that every weight crosses its interval equally fast, then the projection.
/// </summary>
public sealed class BoxedDescent : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.99;
    private readonly List<Layer> _layers = [];
    private int _steps;

    /// <summary>Confines layers.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="box">The bounds of a layer, given its weights and the number of its output channels.</param>
    public BoxedDescent(IEnumerable<WeightLayer> layers, Func<float[], int, WeightBox> box)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(box);
        foreach (var layer in layers)
            _layers.Add(Layer.Of(layer.Weight, box(layer.Values(), layer.Channels)));
    }

    /// <summary>Moves the weights against their gradients, and clears those.</summary>
    /// <param name="rate">The length of a step in units of the scale; a rounding interval is one unit wide.</param>
    public void Step(double rate)
    {
        _steps++;
        using var noGradient = no_grad();
        using Scalar firstDecay = FirstDecay, firstGain = 1 - FirstDecay;
        using Scalar secondDecay = SecondDecay, secondGain = 1 - SecondDecay;
        using Scalar epsilon = 1e-15;
        using Scalar step = -rate * Math.Sqrt(1 - Math.Pow(SecondDecay, _steps)) / (1 - Math.Pow(FirstDecay, _steps));
        foreach (var layer in _layers)
        {
            using var scope = NewDisposeScope();
            var gradient = layer.Weight.grad!.mul_(layer.Scale);
            layer.First.mul_(firstDecay).add_(gradient, firstGain);
            layer.Second.mul_(secondDecay).addcmul_(gradient, gradient, secondGain);
            var direction = layer.First / layer.Second.sqrt().add_(epsilon);
            var moved = layer.Weight.add(direction.mul_(layer.Scale), step);
            layer.Weight.copy_(moved.maximum(layer.Lower).minimum(layer.Upper));
            gradient.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _layers.ForEach(l => l.Dispose());

    private sealed record Layer(Parameter Weight, Tensor Scale, Tensor Lower, Tensor Upper, Tensor First, Tensor Second) : IDisposable
    {
        public static Layer Of(Parameter weight, WeightBox box)
        {
            long[] perChannel = [weight.shape[0], .. Enumerable.Repeat(1L, weight.shape.Length - 1)];
            return new Layer(
                weight,
                tensor(box.Scales.ToArray()).reshape(perChannel),
                tensor(box.Lower.ToArray()).reshape(weight.shape),
                tensor(box.Upper.ToArray()).reshape(weight.shape),
                zeros_like(weight),
                zeros_like(weight));
        }

        public void Dispose()
        {
            foreach (var owned in (Tensor[])[Scale, Lower, Upper, First, Second])
                owned.Dispose();
        }
    }
}
