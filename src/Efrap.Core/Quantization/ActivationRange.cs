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

    /// <summary>The uint8 grid over the range, widened to hold zero exactly, which padding and Relu rely on.</summary>
    internal ActivationGrid ToGrid()
    {
        var low = MathF.Min(Minimum, 0);
        var high = MathF.Max(Maximum, 0);
        var scale = (high - low) / byte.MaxValue;
        if (!(scale > 0) || !float.IsFinite(scale))
            return new ActivationGrid(1, 0);
        var zeroPoint = Math.Clamp(MathF.Round(-low / scale, MidpointRounding.ToEven), 0, byte.MaxValue);
        return new ActivationGrid(scale, (byte)zeroPoint);
    }
}

/// <summary>An affine uint8 grid: value = (code − zero point) · scale.</summary>
/// <param name="Scale">The step, above 0.</param>
/// <param name="ZeroPoint">The code of zero.</param>
internal readonly record struct ActivationGrid(float Scale, byte ZeroPoint);
