using System.Globalization;
using Efrap.Core.Quantization;

namespace Efrap.Core.Verification;

/// <summary>Whether scales can come from the weights that they are used for.</summary>
internal static class ScaleOrigin
{
    // A quantizer that keeps one bit in reserve, as for processors whose 8-bit products saturate, has twice the scale of one that does
    // not. None wastes two bits.
    private const double MostWaste = 4;

    // Ranges that leave outliers out are percentiles, of 99 and more, or of least error, which from 4 bits on leave out a few percent.
    private const double MostClipped = 0.1;

    private const int LeastBits = 4;

    /// <summary>Looks at all scales of a weight.</summary>
    /// <param name="lattice">The weights, and where they may go.</param>
    /// <returns>Why a scale cannot come from the weights; null where all can.</returns>
    internal static string? Doubt(WeightLattice lattice)
    {
        if (Clipped(lattice) is var clipped && clipped > MostClipped && lattice.Bits >= LeastBits)
            return string.Create(CultureInfo.InvariantCulture, $"scales that leave {clipped:P1} of the source's weights out of the range of codes");

        var groups = Groups(lattice);
        var typical = groups.Average(g => g.Full);
        var coarse = groups.Count(g => g.Scale > MostWaste * g.Full && g.Scale > MostWaste * typical);
        return coarse == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{coarse} of {groups.Count} scales more than {MostWaste} times what the source's weights need");
    }

    private static double Clipped(WeightLattice lattice)
    {
        var clipped = 0L;
        for (var i = 0; i < lattice.Floor.Length; i++)
            clipped += lattice.TruncationError[i] > lattice.ScaleOf(i / lattice.Weights.Columns, i) ? 1 : 0;
        return (double)clipped / lattice.Floor.Length;
    }

    // Full: the scale at which the range of codes just holds the weights. Channels that are all but zero may have larger ones, as
    // biases in 32 bits need them; what tells is that a scale is also large beside those of the other channels.
    private static List<(double Scale, double Full)> Groups(WeightLattice lattice)
    {
        var steps = (1 << lattice.Bits) - 1;
        var length = lattice.Granularity == Granularity.PerTensor ? lattice.Floor.Length : lattice.BlockLength;
        var columns = lattice.Granularity == Granularity.PerTensor ? lattice.Floor.Length : lattice.Weights.Columns;
        var groups = new List<(double, double)>();
        for (var row = 0; row < lattice.Floor.Length; row += columns)
        {
            for (var begin = row; begin < row + columns; begin += length)
            {
                var weights = lattice.Weights.Values.AsSpan(begin, Math.Min(length, row + columns - begin));
                var (low, high) = (0f, 0f);
                foreach (var w in weights)
                    (low, high) = (MathF.Min(low, w), MathF.Max(high, w));
                var full = lattice.IsSymmetric ? 2.0 * Math.Max(-low, high) / (steps - 1) : ((double)high - low) / steps;
                groups.Add((lattice.ScaleOf(begin / lattice.Weights.Columns, begin), full));
            }
        }

        return groups;
    }
}
