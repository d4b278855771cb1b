using System.Numerics;

namespace Efrap.Core.Quantization;

/// <summary>
/// The codes that a layer's weights may be rounded to (DESIGN 3): <c>l = floor(w/s) + z</c> or <c>l + 1</c> for a weight
/// between two lattice points, and only the point itself for one that lies on it or at the edge of the code range. The zero
/// point z is 0 where the lattice is symmetric. All arrays are [rows, columns], as <see cref="WeightMatrix.Values"/>.
/// </summary>
internal sealed class WeightLattice
{
    // Below this a channel's weights are zero for every purpose, and w/s would leave the range of float.
    private const float SmallestScale = 1e-30f;

    // The largest weight over its scale may miss the limit by its last bits: from here on it is the edge.
    private const float Edge = 1 - 1e-6f;

    private readonly int _blocks;

    private WeightLattice(
        WeightMatrix weights, float[] scales, sbyte[]? zeroPoints, int bits, Granularity granularity, int? blockLength = null, bool usesLowest = false)
    {
        Weights = weights;
        Bits = bits;
        Granularity = granularity;
        Scales = scales;
        BlockLength = blockLength ?? weights.Columns;
        _blocks = ((weights.Columns - 1) / BlockLength) + 1;
        IsSymmetric = zeroPoints is null && !usesLowest;
        ZeroPoints = zeroPoints ?? new sbyte[scales.Length];
        var highest = (1 << (bits - 1)) - 1;
        var lowest = IsSymmetric ? -highest : -highest - 1;
        var edge = IsSymmetric ? highest * Edge : float.PositiveInfinity;
        var count = weights.Values.Length;
        Floor = new sbyte[count];
        NearestUp = new bool[count];
        Movable = new bool[count];
        TruncationError = new float[count];
        for (var row = 0; row < weights.Rows; row++)
        {
            for (var i = row * weights.Columns; i < (row + 1) * weights.Columns; i++)
            {
                var (scale, zeroPoint) = (Scales[BlockOf(row, i)], ZeroPoints[BlockOf(row, i)]);
                var position = weights.Values[i] / scale;
                if (MathF.Abs(position) > edge)
                    position = MathF.CopySign(highest, position);
                var floor = Math.Clamp(MathF.Floor(position) + zeroPoint, lowest, highest);
                var nearest = Math.Clamp(MathF.Round(position, MidpointRounding.ToEven) + zeroPoint, lowest, highest);
                Floor[i] = (sbyte)floor;
                NearestUp[i] = nearest > floor;
                Movable[i] = position > floor - zeroPoint && floor < highest;
                TruncationError[i] = MathF.Abs(weights.Values[i] - (scale * (nearest - zeroPoint)));
            }
        }
    }

    /// <summary>The weights before rounding.</summary>
    internal WeightMatrix Weights { get; }

    /// <summary>8 or 4.</summary>
    internal int Bits { get; }

    /// <summary>How many weights share a scale.</summary>
    internal Granularity Granularity { get; }

    /// <summary>Whether every zero point is 0 and the smallest code the negative of the largest.</summary>
    internal bool IsSymmetric { get; }

    /// <summary>How many neighbouring weights of a row share a scale: all of them but where the scales are those of a file that has
    /// them in blocks.</summary>
    internal int BlockLength { get; }

    /// <summary>s, one per row, or per block of a row; all the same where the whole tensor shares one.</summary>
    internal float[] Scales { get; }

    /// <summary>z, the code of zero, as many as scales.</summary>
    internal sbyte[] ZeroPoints { get; }

    /// <summary>l, the lower of the two codes.</summary>
    internal sbyte[] Floor { get; }

    /// <summary>n: whether nearest rounding, ties to even, takes the upper integer.</summary>
    internal bool[] NearestUp { get; }

    /// <summary>Whether the weight has a choice at all.</summary>
    internal bool[] Movable { get; }

    /// <summary>e = |w − s·(l + n)|, the truncation error of nearest rounding.</summary>
    internal float[] TruncationError { get; }

    /// <summary>The truncation error that lies on weights that a rounding does not take to the nearest integer.</summary>
    /// <param name="up">Whether each weight takes the upper integer, [rows, K].</param>
    internal double FlippedError(bool[] up)
    {
        var flipped = 0.0;
        for (var i = 0; i < up.Length; i++)
            flipped += Movable[i] && up[i] != NearestUp[i] ? TruncationError[i] : 0;
        return flipped;
    }

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

        return new WeightLattice(weights, scales, null, bits, Granularity.PerChannel);
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
        return new WeightLattice(weights, scales, null, bits, Granularity.PerTensor);
    }

    /// <summary>The asymmetric per-channel lattice whose ranges have the least mean-squared error.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">8 or 4: codes from −128 to 127, or from −8 to 7.</param>
    internal static WeightLattice LeastError(WeightMatrix weights, int bits)
    {
        var scales = new float[weights.Rows];
        var zeroPoints = new sbyte[weights.Rows];
        for (var row = 0; row < weights.Rows; row++)
        {
            var values = weights.Values.AsSpan(row * weights.Columns, weights.Columns);
            var grid = LeastErrorGrid.Of(values, ActivationRange.Of(values), bits);
            scales[row] = MathF.Max(grid.Scale, SmallestScale);
            zeroPoints[row] = (sbyte)(grid.ZeroPoint - (1 << (bits - 1)));
        }

        return new WeightLattice(weights, scales, zeroPoints, bits, Granularity.PerChannel);
    }

    /// <summary>The symmetric lattice of a granularity.</summary>
    /// <param name="granularity">How many weights share a scale.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">8 or 4: codes from −127 to 127, or from −7 to 7.</param>
    /// <param name="smallestScales">Lower bounds of the scales, one per row, or null.</param>
    internal static WeightLattice For(Granularity granularity, WeightMatrix weights, int bits, float[]? smallestScales = null) =>
        granularity == Granularity.PerTensor ? PerTensor(weights, bits, smallestScales) : PerChannel(weights, bits, smallestScales);

    /// <summary>The lattice that a model file's scales and zero points make.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="scales">s of each weight, at least 0.</param>
    /// <param name="zeroPoints">z of each weight.</param>
    /// <param name="codes">The file's codes: a symmetric lattice reaches down to −2^(bits−1) only where one of them does.</param>
    /// <param name="bits">2, 4 or 8: codes from −2^(bits−1) to 2^(bits−1) − 1.</param>
    /// <param name="perTensor">Whether the file has one scale for all weights.</param>
    internal static WeightLattice Given(
        WeightMatrix weights, float[] scales, sbyte[] zeroPoints, ReadOnlySpan<sbyte> codes, int bits, bool perTensor)
    {
        var length = CommonBlockLength(weights, scales, zeroPoints);
        var blocks = ((weights.Columns - 1) / length) + 1;
        var blockScales = new float[weights.Rows * blocks];
        var blockZeroPoints = new sbyte[blockScales.Length];
        for (var i = 0; i < blockScales.Length; i++)
        {
            var first = (i / blocks * weights.Columns) + (i % blocks * length);
            blockScales[i] = MathF.Max(scales[first], SmallestScale);
            blockZeroPoints[i] = zeroPoints[first];
        }

        var shifted = blockZeroPoints.AsSpan().ContainsAnyExcept((sbyte)0);
        return new WeightLattice(
            weights,
            blockScales,
            shifted ? blockZeroPoints : null,
            bits,
            perTensor ? Granularity.PerTensor : Granularity.PerChannel,
            length,
            usesLowest: codes.Contains((sbyte)-(1 << (bits - 1))));
    }

    /// <summary>What a weight becomes.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the arrays.</param>
    /// <param name="up">b.</param>
    internal float Value(int row, int index, bool up) =>
        Scales[BlockOf(row, index)] * (Floor[index] - ZeroPoints[BlockOf(row, index)] + (up ? 1 : 0));

    /// <summary>What a weight of some code becomes, also of one that is not among its two.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the arrays.</param>
    /// <param name="code">The code.</param>
    internal float Value(int row, int index, sbyte code) => Scales[BlockOf(row, index)] * (code - ZeroPoints[BlockOf(row, index)]);

    /// <summary>f, 0 to 1: how far above the lower of its two codes a weight lies; outside of that at the edge of the range.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the arrays.</param>
    internal float Fraction(int row, int index) => Position(row, index) + ZeroPoints[BlockOf(row, index)] - Floor[index];

    /// <summary>w/s, the weight in steps of its scale.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the arrays.</param>
    internal float Position(int row, int index) => Weights.Values[index] / ScaleOf(row, index);

    /// <summary>s of a weight.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the arrays.</param>
    internal float ScaleOf(int row, int index) => Scales[BlockOf(row, index)];

    /// <summary>z of a weight.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the arrays.</param>
    internal sbyte ZeroPointOf(int row, int index) => ZeroPoints[BlockOf(row, index)];

    /// <summary>The weights of a rounding, [rows, columns].</summary>
    /// <param name="up">b: whether each weight takes the upper integer.</param>
    internal float[] Values(ReadOnlySpan<bool> up)
    {
        var values = new float[Floor.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Value(i / Weights.Columns, i, up[i]);
        return values;
    }

    /// <summary>The integer codes of a rounding.</summary>
    /// <param name="up">b: whether each weight takes the upper integer.</param>
    internal sbyte[] Codes(ReadOnlySpan<bool> up)
    {
        var codes = new sbyte[Floor.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (sbyte)(Floor[i] + (up[i] ? 1 : 0));
        return codes;
    }

    private int BlockOf(int row, int index) => _blocks == 1 ? row : (row * _blocks) + ((index - (row * Weights.Columns)) / BlockLength);

    // The largest length whose multiples are the only places within rows where scales or zero points change.
    private static int CommonBlockLength(WeightMatrix weights, float[] scales, sbyte[] zeroPoints)
    {
        var length = weights.Columns;
        for (var i = 1; i < scales.Length; i++)
        {
            var column = i % weights.Columns;
            if (column % length != 0 && (scales[i] != scales[i - 1] || zeroPoints[i] != zeroPoints[i - 1]))
                length = (int)BigInteger.GreatestCommonDivisor(length, column);
        }

        return length;
    }
}
