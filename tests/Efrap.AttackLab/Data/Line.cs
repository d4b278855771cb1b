namespace Efrap.AttackLab.Data;

/// <summary>A straight line through the image, given by its normal.</summary>
/// <param name="NormalX">The normal's part to the right; the normal has length 1.</param>
/// <param name="NormalY">The normal's part downwards.</param>
/// <param name="Offset">The line's distance from the image's middle, in pixels.</param>
/// <param name="HalfWidth">Half the line's width, in pixels.</param>
internal readonly record struct Line(float NormalX, float NormalY, float Offset, float HalfWidth)
{
    /// <summary>Any line that meets the image.</summary>
    /// <param name="random">The source of chance.</param>
    /// <returns>The line.</returns>
    public static Line Random(ref SplitMix64 random)
    {
        var angle = random.NextFloat(0, MathF.PI);
        return new Line(MathF.Cos(angle), MathF.Sin(angle), random.NextFloat(-14, 14), random.NextFloat(0.4f, 1.1f));
    }

    /// <summary>Whether a point lies on the line.</summary>
    /// <param name="x">From the image's middle to the right, in pixels.</param>
    /// <param name="y">From the image's middle downwards, in pixels.</param>
    /// <returns>True within half its width.</returns>
    public bool Contains(float x, float y) => MathF.Abs((NormalX * x) + (NormalY * y) - Offset) < HalfWidth;
}
