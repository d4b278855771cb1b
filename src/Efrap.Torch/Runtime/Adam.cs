using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.Torch.Runtime;

/// <summary>
/// Adam (Kingma and Ba, arXiv 1412.6980), operation for operation as Torch's. TorchSharp's own does not keep the numbers that
/// native code reads (<see cref="SafeArithmetic"/>).
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double SmallestRoot = 1e-8;

    private readonly (Parameter Parameter, Tensor First, Tensor Second)[] _moments;
    private readonly double _firstDecay;
    private readonly double _secondDecay;
    private int _steps;

    /// <summary>Starts with no memory of gradients.</summary>
    /// <param name="parameters">What to move; the caller keeps owning it.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="firstDecay">What a step leaves of the mean of gradients.</param>
    /// <param name="secondDecay">What a step leaves of the mean of their squares.</param>
    internal Adam(IEnumerable<Parameter> parameters, double rate, double firstDecay = 0.9, double secondDecay = 0.999)
    {
        _moments = [.. parameters.Select(p => (p, zeros_like(p).DetachFromDisposeScope(), zeros_like(p).DetachFromDisposeScope()))];
        (Rate, _firstDecay, _secondDecay) = (rate, firstDecay, secondDecay);
    }

    /// <summary>The learning rate of the next step.</summary>
    internal double Rate { get; set; }

    /// <summary>Moves the parameters against their gradients, and clears these.</summary>
    internal void Step()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _steps++;
        using Scalar firstDecay = _firstDecay;
        using Scalar firstGain = 1 - _firstDecay;
        using Scalar secondDecay = _secondDecay;
        using Scalar secondGain = 1 - _secondDecay;
        using Scalar step = -Rate / (1 - Math.Pow(_firstDecay, _steps));
        var bias = Math.Sqrt(1 - Math.Pow(_secondDecay, _steps));
        foreach (var (parameter, first, second) in _moments)
        {
            var gradient = parameter.grad!;
            first.mul_(firstDecay).add_(gradient, firstGain);
            second.mul_(secondDecay).addcmul_(gradient, gradient, secondGain);
            parameter.addcdiv_(first, second.sqrt().DividedBy(bias).Increase(SmallestRoot), step);
            gradient.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, first, second) in _moments)
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
