namespace Efrap.Core.Tests.Rounding;

/// <summary>All roundings of one row, each with its objective.</summary>
internal static class BruteForce
{
    /// <summary>The smallest objective A(b) + κ·Σ e·[b = n] of a row over all its roundings.</summary>
    public static double Minimum(RandomLayer layer, int row, double penalty) => Objectives(layer, row, penalty).Min();

    /// <summary>The objectives of all roundings of a row.</summary>
    public static IEnumerable<double> Objectives(RandomLayer layer, int row, double penalty)
    {
        var columns = layer.Problem.Columns;
        var movable = Enumerable.Range(0, columns).Where(i => layer.Lattice.Movable[(row * columns) + i]).ToArray();
        var up = layer.Lattice.NearestUp.ToArray();
        var objective = layer.Objective(row, up, penalty);
        yield return objective;

        // A Gray code: each rounding differs from the one before by a single flip.
        for (var code = 1; code < 1 << movable.Length; code++)
        {
            var column = movable[int.TrailingZeroCount(code)];
            objective += layer.Change(row, column, up, penalty);
            up[(row * columns) + column] ^= true;
            yield return objective;
        }
    }
}
