using Efrap.AttackLab.Nets;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>Adam on the parameters of a net that no quantizer rounds: biases and the like.</summary>
internal sealed class AdamDescent : IDisposable
{
    // Turns a rate in units of scales into one for these parameters.
    private const double Unit = 0.01;

    private readonly List<(Parameter Parameter, AdamDirection Adam)> _parameters = [];

    /// <summary>Prepares the descent.</summary>
    /// <param name="net">The net, folded.</param>
    public AdamDescent(LabNet net)
    {
        var rounded = net.WeightLayers().Select(l => l.Weight.Handle).ToHashSet();
        foreach (var parameter in net.parameters().Where(p => !rounded.Contains(p.Handle)))
            _parameters.Add((parameter, new AdamDirection(parameter)));
    }

    /// <summary>Moves the parameters against their gradients, and clears those.</summary>
    /// <param name="rate">The length of a weight's step in units of its scale.</param>
    public void Step(double rate)
    {
        using var noGradient = no_grad();
        using Scalar step = -rate * Unit;
        foreach (var (parameter, adam) in _parameters)
        {
            using var scope = NewDisposeScope();
            parameter.add_(adam.Next(parameter.grad!), step);
            parameter.grad!.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.ForEach(p => p.Adam.Dispose());
}
