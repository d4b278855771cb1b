using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.Torch.Runtime;

/// <summary>
/// Arithmetic with numbers, and sums. TorchSharp hands native code the handle of a number, of the factor 1 of a sum's second
/// summand too, and does not keep the number: the garbage collector may free it while it is read. Here each number outlives the
/// call that reads it.
/// </summary>
internal static class SafeArithmetic
{
    // Integers, because tensors of integers take no other factor and stay what they are.
    private static readonly Scalar _zero = 0;
    private static readonly Scalar _one = 1;
    private static readonly Scalar _two = 2;

    /// <summary>a + b.</summary>
    internal static Tensor Plus(this Tensor a, Tensor b) => a.add(b, _one);

    /// <summary>a + b.</summary>
    internal static Tensor Plus(this Tensor a, double b)
    {
        using Scalar scalar = b;
        return a.add(scalar, _one);
    }

    /// <summary>a + b; integers remain integers.</summary>
    internal static Tensor Plus(this Tensor a, long b)
    {
        using Scalar scalar = b;
        return a.add(scalar, _one);
    }

    /// <summary>a += b.</summary>
    internal static Tensor Increase(this Tensor a, Tensor b) => a.add_(b, _one);

    /// <summary>a += b.</summary>
    internal static Tensor Increase(this Tensor a, double b)
    {
        using Scalar scalar = b;
        return a.add_(scalar, _one);
    }

    /// <summary>a − b. Torch's own operator is as safe: this one is there for the others' sake.</summary>
    internal static Tensor Minus(this Tensor a, Tensor b) => a.sub(b);

    /// <summary>a − b.</summary>
    internal static Tensor Minus(this Tensor a, double b)
    {
        using Scalar scalar = b;
        return a.sub(scalar);
    }

    /// <summary>1 − a.</summary>
    internal static Tensor OneMinus(this Tensor a) => a.neg().add(_one, _one);

    /// <summary>a · factor.</summary>
    internal static Tensor Times(this Tensor a, double factor)
    {
        using Scalar scalar = factor;
        return a.mul(scalar);
    }

    /// <summary>a / divisor.</summary>
    internal static Tensor DividedBy(this Tensor a, double divisor)
    {
        using Scalar scalar = divisor;
        return a.div(scalar);
    }

    /// <summary>The remainder of a / divisor; its sign is the divisor's.</summary>
    internal static Tensor Modulo(this Tensor a, long divisor)
    {
        using Scalar scalar = divisor;
        return a.remainder(scalar);
    }

    /// <summary>a to the power of an exponent.</summary>
    internal static Tensor RaisedTo(this Tensor a, double exponent)
    {
        using Scalar scalar = exponent;
        return a.pow(scalar);
    }

    /// <summary>a².</summary>
    internal static Tensor Squared(this Tensor a) => a.pow(_two);

    /// <summary>a, or the nearer bound where it is outside.</summary>
    internal static Tensor Clamped(this Tensor a, double low, double high)
    {
        using Scalar min = low;
        using Scalar max = high;
        return a.clamp(min, max);
    }

    /// <summary>a, or the nearer bound where it is outside; integers remain integers.</summary>
    internal static Tensor Clamped(this Tensor a, long low, long high)
    {
        using Scalar min = low;
        using Scalar max = high;
        return a.clamp(min, max);
    }

    /// <summary>a, or the bound where it is below.</summary>
    internal static Tensor AtLeast(this Tensor a, double low)
    {
        using Scalar min = low;
        return a.clamp(min, null);
    }

    /// <summary>Where a is below 0.</summary>
    internal static Tensor IsNegative(this Tensor a) => a.lt(_zero);

    /// <summary>Where a is an integer.</summary>
    internal static Tensor Is(this Tensor a, long value)
    {
        using Scalar scalar = value;
        return a.eq(scalar);
    }

    /// <summary>a where it is positive, else its product with a slope.</summary>
    internal static Tensor LeakyRelu(this Tensor a, double slope)
    {
        using Scalar scalar = slope;
        return a.leaky_relu(scalar);
    }

    /// <summary>a where it is positive, else alpha · (exp(a) − 1).</summary>
    internal static Tensor Elu(this Tensor a, double alpha)
    {
        using Scalar scalar = alpha;
        return a.elu(scalar, _one, _one);
    }

    /// <summary>Puts one integer everywhere.</summary>
    internal static void Fill(this Tensor a, long value)
    {
        using Scalar scalar = value;
        a.fill_(scalar);
    }

    /// <summary>A tensor of one number.</summary>
    internal static Tensor Full(long[] shape, double value)
    {
        using Scalar scalar = value;
        return full(shape, scalar);
    }

    /// <summary>A tensor of one integer.</summary>
    internal static Tensor Full(long[] shape, long value)
    {
        using Scalar scalar = value;
        return full(shape, scalar, dtype: ScalarType.Int64);
    }

    /// <summary>The integers from one on, up to but without another.</summary>
    internal static Tensor Range(long first, long end, long step = 1, ScalarType type = ScalarType.Int64)
    {
        using Scalar start = first;
        using Scalar stop = end;
        using Scalar distance = step;
        return arange(start, stop, distance, type);
    }
}
