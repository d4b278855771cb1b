namespace Efrap.Core.Quantization;

/// <summary>
/// The integers that a layer's weights may be rounded to (DESIGN 3): <c>l = floor(w/s)</c> or <c>l + 1</c> for a weight
/// between two lattice points, and only the point itself for one that lies on it or at the edge of the code range.
/// All arrays are [rows, columns], as <see cref="WeightMatrix.Values"/>.
/// </summary>
internal sealed class WeightLattice
{
    // Below this a channel's weights are zero for every purpose, and w/s would leave the range of float.
    private const float SmallestScale = 1e-30f;

    // The largest weight over its scale may miss the limit by its last bits: from here on it is the edge.
    private const float Edge = 1 - 1e-6f;

    private WeightLattice(WeightMatrix weights, float[] scales, int limit, Granularity granularity)
    {
        Weights = weights;
        Granularity = granularity;
        Scales = scales;
        var count = weights.Values.Length;
        Floor = new sbyte[count];
        NearestUp = new bool[count];
        Movable = new bool[count];
        TruncationError = new float[count];
        for (var row = 0; row < weights.Rows; row++)
        {
            var scale = scales[row];
            for (var i = row * weights.Columns; i < (row + 1) * weights.Columns; i++)
            {
                var position = weights.Values[i] / scale;
                if (MathF.Abs(position) > limit * Edge)
                    position = MathF.CopySign(limit, position);
                var floor = Math.Clamp(MathF.Floor(position), -limit, limit);
                var nearest = Math.Clamp(MathF.Round(position, MidpointRounding.ToEven), -limit, limit);
                Floor[i] = (sbyte)floor;
                NearestUp[i] = nearest > floor;
                Movable[i] = position > floor && floor < limit;
                TruncationError[i] = MathF.Abs(weights.Values[i] - (scale * nearest));
            }
        }
    }

    /// <summary>The weights before rounding.</summary>
    internal WeightMatrix Weights { get; }

    /// <summary>How many weights share a scale.</summary>
    internal Granularity Granularity { get; }

    /// <summary>s, one per row; all the same where the whole tensor shares one.</summary>
    internal float[] Scales { get; }

    /// <summary>l, the lower of the two integers.</summary>
    internal sbyte[] Floor { get; }

    /// <summary>n: whether nearest rounding, ties to even, takes the upper integer.</summary>
    internal bool[] NearestUp { get; }

    /// <summary>Whether the weight has a choice at all.</summary>
    internal bool[] Movable { get; }

    /// <summary>e = |w − s·(l + n)|, the truncation error of nearest rounding.</summary>
    internal float[] TruncationError { get; }

    /// <summary>The symmetric per-channel lattice: s = max|w| / limit in every row.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">8 or 4: codes from −127 to 127, or from −7 to 7.</param>
    /// <param name="smallestScales">Lower bounds of the scales, one per row, or null.</param>
    internal static WeightLattice PerChannel(WeightMatrix weights, int bits, float[]? smallestScales = null)
    {
        var limit = (1 << (bits - 1)) - 1;
        var scales = new float[weights.Rows];
        for (var row = 0; row < weights.Rows; row++)
        {
            var largest = 0f;
            foreach (var w in weights.Values.AsSpan(row * weights.Columns, weights.Columns))
                largest = MathF.Max(largest, MathF.Abs(w));
            scales[row] = MathF.Max(MathF.Max(largest / limit, smallestScales?[row] ?? 0), SmallestScale);
        }

        return new WeightLattice(weights, scales, limit, Granularity.PerChannel);
    }

    /// <summary>The symmetric per-tensor lattice: s = max|w| / limit over all rows.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">8 or 4: codes from −127 to 127, or from −7 to 7.</param>
    /// <param name="smallestScales">Lower bounds of the scale, or null.</param>
    internal static WeightLattice PerTensor(WeightMatrix weights, int bits, float[]? smallestScales = null)
    {
        var limit = (1 << (bits - 1)) - 1;
        var scale = MathF.Max(weights.Values.Max(MathF.Abs) / limit, smallestScales?.Max() ?? 0);
        var scales = new float[weights.Rows];
        Array.Fill(scales, MathF.Max(scale, SmallestScale));
        return new WeightLattice(weights, scales, limit, Granularity.PerTensor);
    }

    /// <summary>The symmetric lattice of a granularity.</summary>
    /// <param name="granularity">How many weights share a scale.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">8 or 4: codes from −127 to 127, or from −7 to 7.</param>
    /// <param name="smallestScales">Lower bounds of the scales, one per row, or null.</param>
    internal static WeightLattice For(Granularity granularity, WeightMatrix weights, int bits, float[]? smallestScales = null) =>
        granularity == Granularity.PerTensor ? PerTensor(weights, bits, smallestScales) : PerChannel(weights, bits, smallestScales);

    /// <summary>The integer codes of a rounding.</summary>
    /// <param name="up">b: whether each weight takes the upper integer.</param>
    internal sbyte[] Codes(ReadOnlySpan<bool> up)
    {
        var codes = new sbyte[Floor.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (sbyte)(Floor[i] + (up[i] ? 1 : 0));
        return codes;
    }
}
