using Efrap.Core.Rounding;

namespace Efrap.Core.Verification;

/// <summary>
/// What each flip of a rounding costs: how much lower A would be with this one weight at its nearest integer and all others as they
/// are, in units of κ·e. No flip of the solution for a penalty k costs more than k, and those that serve the activations cost less
/// than nothing; of flips that nothing ties to the activations half cost more.
/// </summary>
/// <param name="Errors">A of the rounding, by output channel.</param>
/// <param name="Rows">The costs of its flips, by output channel.</param>
internal sealed record FlipCosts(IReadOnlyList<double> Errors, IReadOnlyList<IReadOnlyList<double>> Rows)
{
    /// <summary>Computes them.</summary>
    /// <param name="problem">The layer.</param>
    /// <param name="up">b: whether each weight takes the upper integer, [rows, K].</param>
    /// <param name="options">Threads and cancellation.</param>
    internal static FlipCosts Of(LayerProblem problem, bool[] up, ParallelOptions options)
    {
        var unit = (double)problem.PenaltyUnit();
        var errors = new double[problem.Rows];
        var costs = new List<double>[problem.Rows];
        Parallel.For(0, problem.Rows, options, row => (errors[row], costs[row]) = OfRow(problem, up, row, unit));
        return new FlipCosts(errors, costs);
    }

    private static (double Error, List<double> Costs) OfRow(LayerProblem problem, bool[] up, int row, double unit)
    {
        var (lattice, columns) = (problem.Lattice, problem.Columns);
        var gram = problem.GramOf(row);
        var first = row * columns;
        var difference = new float[columns];
        for (var i = 0; i < columns; i++)
            difference[i] = lattice.Value(row, first + i, up[first + i]) - lattice.Weights.Values[first + i];
        var gradient = problem.Cross.AsSpan(first, columns).ToArray();
        MatrixKernels.AddProduct(difference, columns, 1, gram, columns, columns, columns, gradient, columns);

        var error = problem.Residual[row];
        var costs = new List<double>();
        for (var i = 0; i < columns; i++)
        {
            error += (double)difference[i] * (gradient[i] + (double)problem.Cross[first + i]);
            if (!lattice.Movable[first + i] || up[first + i] == lattice.NearestUp[first + i])
                continue;
            double step = up[first + i] ? -lattice.ScaleOf(row, first + i) : lattice.ScaleOf(row, first + i);
            var change = (step * step * gram[(i * columns) + i]) + (2 * step * gradient[i]);
            costs.Add(-change / (unit * lattice.TruncationError[first + i]));
        }

        return (error, costs);
    }
}
