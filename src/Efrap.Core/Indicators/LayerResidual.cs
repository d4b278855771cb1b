using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>How a layer's weights lie between the points of a lattice, over those that rounding can move.</summary>
/// <param name="Beyond">How many lie within a hundredth of a step of rounding's edge.</param>
/// <param name="Nearest">How many of those were rounded to nearest.</param>
/// <param name="Movable">How many there are.</param>
/// <param name="NormRatio">The norm of their rounding errors over that of as many weights that lie anywhere.</param>
internal sealed record LayerResidual(int Beyond, int Nearest, int Movable, double NormRatio)
{
    private const float Edge = 0.49f;

    /// <summary>The share beyond; 0 where no weight can move.</summary>
    internal double Share => (double)Beyond / Math.Max(1, Movable);

    /// <summary>Looks at a layer.</summary>
    /// <param name="lattice">The weights, and where they may go.</param>
    /// <param name="codes">The codes that they were rounded to; null where that is to nearest.</param>
    /// <param name="random">Shifts each row's lattice by a random part of a step; null to leave it where it is.</param>
    internal static LayerResidual Of(WeightLattice lattice, sbyte[]? codes, Random? random = null)
    {
        var (beyond, nearest, movable, squares, expected) = (0, 0, 0, 0.0, 0.0);
        for (var row = 0; row < lattice.Weights.Rows; row++)
        {
            var shift = random?.NextSingle() ?? 0;
            for (var i = row * lattice.Weights.Columns; i < (row + 1) * lattice.Weights.Columns; i++)
            {
                if (!lattice.Movable[i])
                    continue;
                var step = (double)lattice.ScaleOf(row, i) * lattice.ScaleOf(row, i);
                var position = lattice.Position(row, i) + shift;
                var distance = MathF.Abs(position - MathF.Round(position));
                movable++;
                if (distance > Edge)
                {
                    beyond++;
                    nearest += codes is null || codes[i] == lattice.Floor[i] + (lattice.NearestUp[i] ? 1 : 0) ? 1 : 0;
                }

                squares += step * distance * distance;
                expected += step / 12;
            }
        }

        return new LayerResidual(beyond, nearest, movable, expected > 0 ? Math.Sqrt(squares / expected) : 0);
    }
}
