using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>The direction in which Adam (Kingma and Ba, arXiv 1412.6980) moves one tensor; its entries are about 1 in size.</summary>
internal sealed class AdamDirection : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.99;
    private const double Epsilon = 1e-15;
    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly Scalar _firstDecay = FirstDecay;
    private readonly Scalar _firstGain = 1 - FirstDecay;
    private readonly Scalar _secondDecay = SecondDecay;
    private readonly Scalar _secondGain = 1 - SecondDecay;
    private int _steps;

    /// <summary>Starts with no memory of gradients.</summary>
    /// <param name="like">A tensor of the same shape.</param>
    public AdamDirection(Tensor like) => (_first, _second) = (zeros_like(like), zeros_like(like));

    /// <summary>Takes in a gradient.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <returns>The direction to go against.</returns>
    public Tensor Next(Tensor gradient)
    {
        _steps++;
        _first.mul_(_firstDecay).add_(gradient, _firstGain);
        _second.mul_(_secondDecay).addcmul_(gradient, gradient, _secondGain);
        using Scalar bias = Math.Sqrt(1 - Math.Pow(SecondDecay, _steps)) / (1 - Math.Pow(FirstDecay, _steps));
        return (_first / _second.sqrt().Increase(Epsilon)).mul_(bias);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in (IDisposable[])[_first, _second, _firstDecay, _firstGain, _secondDecay, _secondGain])
            owned.Dispose();
    }
}
