using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>Stochastic rounding: up with the probability of the weight's fraction. What has no choice goes to its own point.</summary>
internal static class Dither
{
    /// <summary>Rounds weights.</summary>
    /// <param name="lattice">The weights, and where they may go.</param>
    /// <param name="draw">A uniform number from 0 to 1, 1 excluded, for the weight of an index; asked only for those that have a choice.</param>
    /// <returns>Whether each weight takes the upper integer.</returns>
    internal static bool[] Of(WeightLattice lattice, Func<int, float> draw)
    {
        var up = new bool[lattice.Floor.Length];
        for (var i = 0; i < up.Length; i++)
            up[i] = lattice.Movable[i] ? draw(i) < lattice.Fraction(i / lattice.Weights.Columns, i) : lattice.NearestUp[i];

        return up;
    }
}
