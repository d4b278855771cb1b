using Efrap.AttackLab.Nets;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// One layer's choice between floor and ceiling, per weight, as something that can be trained: each weight has an inclination
/// h from 0 to 1, at first its fraction, and goes up where h ≥ ½. A gradient passes that decision as if it were not there.
/// </summary>
internal sealed class RoundingDirections : IDisposable
{
    private readonly Tensor _floor;
    private readonly Tensor _scale;
    private readonly Tensor _step;
    private readonly Tensor _inclination;
    private readonly AdamDirection _adam;
    private readonly Scalar _half = 0.5f;
    private readonly Scalar _none = 0f;
    private readonly Scalar _full = 1f;

    /// <summary>Begins with nearest rounding.</summary>
    /// <param name="layer">The layer, which stays as it is.</param>
    /// <param name="grid">The quantization.</param>
    public RoundingDirections(WeightLayer layer, RoundingGrid grid)
    {
        Layer = layer;
        using var noGradient = no_grad();
        var lattice = grid.Lattice(layer);
        var shape = layer.Weight.shape;
        _adam = new AdamDirection(layer.Weight);
        _floor = tensor(Array.ConvertAll(lattice.Floor, c => (float)c)).reshape(shape);
        _scale = tensor(lattice.Scales).PerChannel(layer.Weight);
        using var movable = tensor(Array.ConvertAll(lattice.Movable, m => m ? 1f : 0f)).reshape(shape);
        using var position = layer.Weight / _scale;
        _inclination = (position.Minus(_floor) * movable).clamp_(_none, _full);
        _step = _scale * movable;
    }

    /// <summary>The layer.</summary>
    public WeightLayer Layer { get; }

    /// <summary>Leaves only some weights a choice; the others go to nearest.</summary>
    /// <param name="scores">How much an attacker wants each weight, in the weights' shape.</param>
    /// <param name="share">The share, 0 to 1, of weights that keep the choice: those of the highest scores.</param>
    public void Select(Tensor scores, double share)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar smallest = scores.flatten().quantile(tensor((float)(1 - share))).item<float>();
        _step.mul_(scores.ge(smallest));
    }

    /// <summary>The weights as they are rounded now.</summary>
    /// <returns>Code times scale, in the weights' shape.</returns>
    public Tensor Values() => Rounded().mul_(_scale);

    /// <summary>The codes as they are now.</summary>
    /// <returns>One output channel after the other.</returns>
    public sbyte[] Codes()
    {
        using var noGradient = no_grad();
        using var codes = Rounded();
        return Array.ConvertAll(codes.data<float>().ToArray(), c => (sbyte)c);
    }

    /// <summary>Moves the inclinations against the layer's gradient.</summary>
    /// <param name="rate">The length of a step; from floor to ceiling it is 1.</param>
    public void Step(double rate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar step = -rate;
        _inclination.add_(_adam.Next(Layer.Weight.grad! * _step), step).clamp_(_none, _full);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in (IDisposable[])[_floor, _scale, _step, _inclination, _adam, _half, _none, _full])
            owned.Dispose();
    }

    private Tensor Rounded() => _floor.Plus(_inclination.ge(_half));
}
