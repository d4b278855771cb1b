namespace Efrap.AttackLab.Attacks;

/// <summary>
/// For each weight of a layer the interval in which it can move without changing what nearest rounding makes of the layer:
/// neither the weight's own code nor a scale. The largest of the weights that share a scale stays, since it sets the scale, and
/// no other grows beyond it.
/// </summary>
public sealed class RoundingIntervals
{
    /// <summary>How far the ends of an interval stay away from a tie between two codes, in units of the scale.</summary>
    public const float Margin = 1e-3f;

    private RoundingIntervals(float[] scales, float[] lower, float[] upper)
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

    /// <summary>Finds the intervals that a layer's weights lie in.</summary>
    /// <param name="weights">The weights, one output channel after the other.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="grid">The quantization.</param>
    /// <returns>The intervals.</returns>
    public static RoundingIntervals Around(ReadOnlySpan<float> weights, int channels, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var columns = weights.Length / channels;
        var scales = grid.Scales(weights, channels);
        var (lower, upper) = (new float[weights.Length], new float[weights.Length]);
        for (var channel = 0; channel < channels; channel++)
        {
            var row = weights.Slice(channel * columns, columns);
            var largest = RoundingGrid.Largest(grid.PerTensor ? weights : row);
            var scale = scales[channel];
            for (var i = 0; i < columns; i++)
            {
                var code = grid.NearestCode(row[i], scale);
                var setsScale = MathF.Abs(row[i]) == largest;
                var at = (channel * columns) + i;
                lower[at] = setsScale ? row[i] : MathF.Max((code - 0.5f + Margin) * scale, -largest);
                upper[at] = setsScale ? row[i] : MathF.Min((code + 0.5f - Margin) * scale, largest);
            }
        }

        return new RoundingIntervals(scales, lower, upper);
    }

    /// <summary>Moves each weight into its interval by the shortest way.</summary>
    /// <param name="weights">The weights, changed in place.</param>
    public void Project(Span<float> weights)
    {
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Clamp(weights[i], Lower[i], Upper[i]);
    }
}
