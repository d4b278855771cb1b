namespace Efrap.AttackLab.Attacks;

/// <summary>Symmetric per-channel quantization of weights: the scale of a channel is max|w| / <see cref="MaximumCode"/>.</summary>
/// <param name="MaximumCode">The largest code; the smallest is its negative.</param>
public sealed record RoundingGrid(int MaximumCode)
{
    /// <summary>Codes −127 to 127.</summary>
    public static RoundingGrid Int8 { get; } = new(127);

    /// <summary>Codes −7 to 7.</summary>
    public static RoundingGrid Int4 { get; } = new(7);

    /// <summary>The scale of a channel.</summary>
    /// <param name="channel">The weights of one output channel.</param>
    /// <returns>The scale; 0 when all weights are 0.</returns>
    public float Scale(ReadOnlySpan<float> channel) => Largest(channel) / MaximumCode;

    /// <summary>The largest absolute weight of a channel.</summary>
    /// <param name="channel">The weights of one output channel.</param>
    /// <returns>max|w|.</returns>
    public static float Largest(ReadOnlySpan<float> channel)
    {
        var largest = 0f;
        foreach (var weight in channel)
            largest = MathF.Max(largest, MathF.Abs(weight));
        return largest;
    }

    /// <summary>Rounds a weight to the nearest code, ties to even.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="scale">The scale of its channel.</param>
    /// <returns>The code.</returns>
    public int NearestCode(float weight, float scale) =>
        scale == 0 ? 0 : Math.Clamp((int)MathF.Round(weight / scale, MidpointRounding.ToEven), -MaximumCode, MaximumCode);

    /// <summary>Rounds all weights of a layer.</summary>
    /// <param name="weights">The weights, one output channel after the other.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <returns>The codes, in the same order.</returns>
    public sbyte[] NearestCodes(ReadOnlySpan<float> weights, int channels)
    {
        var codes = new sbyte[weights.Length];
        var columns = weights.Length / channels;
        for (var start = 0; start < weights.Length; start += columns)
        {
            var scale = Scale(weights.Slice(start, columns));
            for (var i = start; i < start + columns; i++)
                codes[i] = (sbyte)NearestCode(weights[i], scale);
        }

        return codes;
    }
}
