using Efrap.Torch.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Training;

/// <summary>
/// Stochastic gradient descent with Nesterov's momentum. Numbers are handed to the native side in objects that live through
/// the call; those that TorchSharp's own optimizers make can be freed while they are read.
/// </summary>
public sealed class MomentumDescent : IDisposable
{
    private const double Momentum = 0.9;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _velocities;
    private readonly Scalar _momentum = Momentum;
    private readonly Scalar _decay;
    private readonly Scalar _sparsity;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="decay">The factor of the squared weights' half in the loss.</param>
    /// <param name="sparsity">The factor of the absolute weights in the loss.</param>
    public MomentumDescent(IEnumerable<Parameter> parameters, double decay, double sparsity)
    {
        _parameters = [.. parameters];
        _velocities = [.. _parameters.Select(p => zeros_like(p))];
        (_decay, _sparsity) = (decay, sparsity);
    }

    /// <summary>Moves the parameters against their gradients, and clears those.</summary>
    /// <param name="rate">The learning rate.</param>
    public void Step(double rate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar step = -rate;
        foreach (var (parameter, velocity) in _parameters.Zip(_velocities))
        {
            var gradient = parameter.grad!.add_(parameter, _decay);
            if (parameter.shape.Length > 1)
                gradient.add_(parameter.sign(), _sparsity);
            velocity.mul_(_momentum).Increase(gradient);
            parameter.add_(gradient.add_(velocity, _momentum), step);
            gradient.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var velocity in _velocities)
            velocity.Dispose();
        _momentum.Dispose();
        _decay.Dispose();
        _sparsity.Dispose();
    }
}
