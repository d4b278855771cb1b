using System.Numerics.Tensors;

namespace Efrap.Core.Quantization;

/// <summary>The values that an activation took on the calibration data.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
internal readonly record struct ActivationRange(float Minimum, float Maximum)
{
    /// <summary>The range of no values: the neutral element of <see cref="Union"/>.</summary>
    internal static ActivationRange Empty => new(float.PositiveInfinity, float.NegativeInfinity);

    /// <summary>The range of the given values; NaN where one of them is NaN.</summary>
    internal static ActivationRange Of(ReadOnlySpan<float> values) =>
        values.Length == 0 ? Empty : new(TensorPrimitives.Min(values), TensorPrimitives.Max(values));

    /// <summary>Whether all values were finite.</summary>
    internal bool IsFinite => this == Empty || (float.IsFinite(Minimum) && float.IsFinite(Maximum));

    /// <summary>The smallest range that holds both.</summary>
    internal ActivationRange Union(ActivationRange other) =>
        new(MathF.Min(Minimum, other.Minimum), MathF.Max(Maximum, other.Maximum));

    /// <summary>The grid over the range, widened to hold zero exactly, which padding and Relu rely on.</summary>
    /// <param name="bits">8 or 4.</param>
    internal ActivationGrid ToGrid(int bits = 8)
    {
        var highest = (1 << bits) - 1;
        var low = MathF.Min(Minimum, 0);
        var high = MathF.Max(Maximum, 0);
        var scale = (high - low) / highest;
        if (!(scale > 0) || !float.IsFinite(scale))
            return new ActivationGrid(1, 0, bits);
        var zeroPoint = Math.Clamp(MathF.Round(-low / scale, MidpointRounding.ToEven), 0, highest);
        return new ActivationGrid(scale, (byte)zeroPoint, bits);
    }
}

/// <summary>An affine grid: value = (code − zero point) · scale, codes from 0 to 2^bits − 1.</summary>
/// <param name="Scale">The step, above 0.</param>
/// <param name="ZeroPoint">The code of zero.</param>
/// <param name="Bits">8 or 4.</param>
internal readonly record struct ActivationGrid(float Scale, byte ZeroPoint, int Bits = 8)
{
    /// <summary>The largest code.</summary>
    internal int HighestCode => (1 << Bits) - 1;

    /// <summary>The point of the grid that a value is rounded to, ties to even, as QuantizeLinear does.</summary>
    internal float Round(float value)
    {
        var code = Math.Clamp(MathF.Round(value / Scale, MidpointRounding.ToEven) + ZeroPoint, 0, HighestCode);
        return (code - ZeroPoint) * Scale;
    }
}
