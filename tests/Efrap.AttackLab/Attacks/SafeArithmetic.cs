using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Sums of tensors. TorchSharp's own operators hand the native side a number, the factor 1 of the second summand, that the
/// garbage collector may free while it is read; these live as long as the program.
/// </summary>
internal static class SafeArithmetic
{
    private static readonly Scalar _one = 1f;
    private static readonly Scalar _minusOne = -1f;

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, _one);

    /// <summary>a − b.</summary>
    public static Tensor Minus(this Tensor a, Tensor b) => a.add(b, _minusOne);

    /// <summary>a · factor.</summary>
    public static Tensor Times(this Tensor a, double factor)
    {
        using Scalar scalar = factor;
        return a.mul(scalar);
    }
}
