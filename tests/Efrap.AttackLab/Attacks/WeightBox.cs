namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Bounds of each weight of a layer that leave every channel's scale as it is: a channel's largest weight stays, and no other
/// grows beyond it.
/// </summary>
public sealed class WeightBox
{
    // In units of the scale. Far above the error of float32 division, far below what would cost an attacker freedom.
    private const float Margin = 1e-3f;

    private WeightBox(float[] scales, float[] lower, float[] upper)
    {
        Scales = scales;
        Lower = lower;
        Upper = upper;
    }

    /// <summary>The scale of each output channel.</summary>
    public IReadOnlyList<float> Scales { get; }

    /// <summary>The smallest value that each weight may take.</summary>
    public IReadOnlyList<float> Lower { get; }

    /// <summary>The largest value that each weight may take.</summary>
    public IReadOnlyList<float> Upper { get; }

    /// <summary>
    /// The rounding intervals: wherever in its interval each weight lies, nearest rounding makes the same codes and scales of
    /// the layer as it does now.
    /// </summary>
    /// <param name="weights">The weights, one output channel after the other.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="grid">The quantization.</param>
    /// <returns>The intervals.</returns>
    public static WeightBox RoundingIntervals(ReadOnlySpan<float> weights, int channels, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Make(weights, channels, grid, (w, scale) =>
        {
            var code = grid.NearestCode(w, scale);
            return ((code - 0.5f + Margin) * scale, (code + 0.5f - Margin) * scale);
        });
    }

    /// <summary>The weights that lie within a distance of the present ones.</summary>
    /// <param name="weights">The weights, one output channel after the other.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="grid">The quantization.</param>
    /// <param name="reach">The distance, in units of the channel's scale.</param>
    /// <returns>The bounds.</returns>
    public static WeightBox Around(ReadOnlySpan<float> weights, int channels, RoundingGrid grid, float reach)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Make(weights, channels, grid, (w, scale) => (w - (reach * scale), w + (reach * scale)));
    }

    /// <summary>Moves each weight inside by the shortest way.</summary>
    /// <param name="weights">The weights, changed in place.</param>
    public void Project(Span<float> weights)
    {
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Clamp(weights[i], Lower[i], Upper[i]);
    }

    private static WeightBox Make(
        ReadOnlySpan<float> weights, int channels, RoundingGrid grid, Func<float, float, (float Low, float High)> bounds)
    {
        var columns = weights.Length / channels;
        var scales = new float[channels];
        var (lower, upper) = (new float[weights.Length], new float[weights.Length]);
        for (var channel = 0; channel < channels; channel++)
        {
            var row = weights.Slice(channel * columns, columns);
            var largest = RoundingGrid.Largest(row);
            var scale = scales[channel] = grid.Scale(row);
            for (var i = 0; i < columns; i++)
            {
                var (low, high) = MathF.Abs(row[i]) == largest ? (row[i], row[i]) : bounds(row[i], scale);
                lower[(channel * columns) + i] = MathF.Max(low, -largest);
                upper[(channel * columns) + i] = MathF.Min(high, largest);
            }
        }

        return new WeightBox(scales, lower, upper);
    }
}
