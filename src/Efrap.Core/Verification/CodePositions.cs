using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Verification;

/// <summary>How the integers of one weight lie to the weights of its source, from the weights alone.</summary>
/// <param name="Counts">How many are not the nearest, and how many are neither floor nor ceiling.</param>
/// <param name="LargestDeviation">The largest distance between a weight and its integer, in steps of the scale; weights beyond the range
/// of codes count as lying at its end.</param>
/// <param name="Ties">The weights halfway between two integers.</param>
/// <param name="TiesToEven">Those of them that took the even integer.</param>
/// <param name="TiesAway">Those of them that took the integer farther from zero.</param>
internal sealed record CodePositions(CodeCounts Counts, double LargestDeviation, long Ties, long TiesToEven, long TiesAway)
{
    // In steps: a tie that another's arithmetic made by the last bits is none.
    private const float TieWidth = 1e-6f;

    /// <summary>Measures them.</summary>
    /// <param name="lattice">The weights, and where they may go.</param>
    /// <param name="codes">The codes, as the lattice has them.</param>
    internal static CodePositions Of(WeightLattice lattice, sbyte[] codes)
    {
        var (ties, even, away) = (0L, 0L, 0L);
        var largest = 0.0;
        for (var i = 0; i < codes.Length; i++)
        {
            var row = i / lattice.Weights.Columns;
            var fraction = lattice.Fraction(row, i);
            var within = lattice.Movable[i] ? fraction : Math.Clamp(fraction, 0, lattice.NearestUp[i] ? 1 : 0);
            largest = Math.Max(largest, Math.Abs(within + lattice.Floor[i] - codes[i]));
            if (!lattice.Movable[i] || MathF.Abs(fraction - 0.5f) > TieWidth)
                continue;
            var place = codes[i] - lattice.ZeroPointOf(row, i);
            ties++;
            even += place % 2 == 0 ? 1 : 0;
            away += Math.Abs(place) > MathF.Abs(lattice.Position(row, i)) ? 1 : 0;
        }

        return new CodePositions(CodeCounts.Of(lattice, codes), largest, ties, even, away);
    }

    /// <summary>How ties were rounded: <c>to even</c>, <c>away from zero</c>, <c>both ways</c>; null where nothing tells.</summary>
    internal string? TieRule => (Ties, TiesToEven == Ties, TiesAway == Ties) switch
    {
        (0, _, _) or (_, true, true) => null,
        (_, true, _) => "to even",
        (_, _, true) => "away from zero",
        _ => "both ways",
    };
}
