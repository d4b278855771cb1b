namespace Efrap.Core.Quantization.Reading;

/// <summary>How the codes of a weight lie to the weights that they were made from.</summary>
/// <param name="All">How many there are.</param>
/// <param name="NotNearest">How many are not the nearest to their weight.</param>
/// <param name="OffLattice">How many are neither the floor nor the ceiling of their weight: no rounding of it gives them.</param>
internal readonly record struct CodeCounts(long All, long NotNearest, long OffLattice)
{
    // In steps. Whoever folded normalizations did so with other rounding errors than ours.
    private const float Tolerance = 1e-3f;

    /// <summary>Counts the codes of one weight.</summary>
    /// <param name="lattice">The weights, and where they may go.</param>
    /// <param name="codes">The codes, as the lattice has them.</param>
    internal static CodeCounts Of(WeightLattice lattice, sbyte[] codes)
    {
        var (notNearest, off) = (0L, 0L);
        for (var i = 0; i < codes.Length; i++)
        {
            var row = i / lattice.Weights.Columns;
            var distance = MathF.Abs(lattice.Fraction(row, i) + lattice.Floor[i] - codes[i]);
            if (codes[i] == lattice.Floor[i] + (lattice.NearestUp[i] ? 1 : 0) || distance <= 0.5f + Tolerance)
                continue;
            notNearest++;

            // A weight on its point, as the largest of each channel is, has no other to go to.
            off += distance > 1 + Tolerance || !lattice.Movable[i] ? 1 : 0;
        }

        return new CodeCounts(codes.Length, notNearest, off);
    }

    /// <summary>The counts of two weights together.</summary>
    public static CodeCounts operator +(CodeCounts a, CodeCounts b) =>
        new(a.All + b.All, a.NotNearest + b.NotNearest, a.OffLattice + b.OffLattice);
}
