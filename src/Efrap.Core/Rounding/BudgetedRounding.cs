using Efrap.Core.Quantization;

namespace Efrap.Core.Rounding;

/// <summary>The rounding of one layer, and what it cost.</summary>
/// <param name="Up">b: whether each weight takes the upper integer, [rows, K].</param>
/// <param name="Flips">The share of weights, 0 to 1, that are not rounded to nearest.</param>
/// <param name="NearestError">A(nearest).</param>
/// <param name="Error">A(b).</param>
/// <param name="Penalty">k, dimensionless.</param>
/// <param name="InheritedError">E r²: the error of unrounded weights on the same input.</param>
/// <param name="BudgetMet">Whether A(b) ≤ ρ·A(nearest).</param>
internal sealed record LayerRounding(
    bool[] Up, double Flips, double NearestError, double Error, double Penalty, double InheritedError, bool BudgetMet)
{
    /// <summary>The grid that the layer is to round its input to, where the solver chose another than the one it was given.</summary>
    internal ActivationGrid? InputGrid { get; init; }
}

/// <summary>
/// EFRAP rounding with one knob, the activation budget ρ (DESIGN 3): the largest k, and so the most truncation error
/// flipped, with A(b) ≤ ρ·A(nearest) and A(b) ≤ A(0) + ν·S, where A(0) is what the rounding that only preserves activations
/// leaves and S = E‖Wx̂‖² the power of the layer's output.
/// </summary>
/// <remarks>
/// Nearest rounding of a backdoored model at 4 bits may leave an error of a fifth of a layer's power; half of that is still too
/// much for accuracy. At 8 bits ν·S lies above ρ·A(nearest) nearly everywhere and changes nothing.
/// </remarks>
internal static class BudgetedRounding
{
    // k from which the search starts, the factor it grows by until the budget breaks, and where it gives up growing.
    // With independent inputs k flips the weights whose truncation error exceeds s / (2 + k): at 64, nearly all of them.
    private const double FirstPenalty = 0.25;
    private const double Growth = 2;
    private const double LargestPenalty = 64;

    // ν: what flips may add to a layer's noise, as a share of its output's power; -27 dB.
    private const double FlipNoise = 0.002;

    // The search ends when k is known to this factor, or the budget is used to this share.
    private const double PenaltyPrecision = 1.05;
    private const double BudgetUse = 0.98;

    // The running gradient carries rounding errors; what is called within budget must be so when computed afresh.
    private const double Safety = 1 - 1e-4;

    /// <summary>Solves the problem.</summary>
    /// <param name="problem">The layer.</param>
    /// <param name="budget">ρ, above 0 and at most 1.</param>
    /// <param name="options">Threads and cancellation.</param>
    internal static LayerRounding Solve(LayerProblem problem, double budget, ParallelOptions options)
    {
        var descent = new CoordinateDescent(problem, options);
        var nearestError = descent.ActivationError();
        var allowed = budget * nearestError * Safety;
        var unit = problem.PenaltyUnit();

        descent.Solve(0);
        var best = descent.Up.ToArray();
        var bestPenalty = 0.0;
        var leastError = descent.ActivationError();
        allowed = Math.Min(allowed, leastError + (FlipNoise * problem.OutputPower()));
        if (leastError <= allowed)
            (bestPenalty, best) = MostFlippedWithin(problem.Lattice, descent, allowed, unit, best, options.CancellationToken);
        return Describe(problem, best, nearestError, bestPenalty, budget, options);
    }

    /// <summary>Nearest rounding, described in the same terms.</summary>
    internal static LayerRounding Nearest(LayerProblem problem, ParallelOptions options)
    {
        var error = new CoordinateDescent(problem, options).ActivationError();
        return new LayerRounding([.. problem.Lattice.NearestUp], 0, error, error, 0, problem.Residual.Sum(), BudgetMet: true);
    }

    // The largest k flips the most truncation error, as a rule: descents end at local minima, where a larger k may end at less.
    private static (double Penalty, bool[] Up) MostFlippedWithin(
        WeightLattice lattice, CoordinateDescent descent, double allowed, float unit, bool[] best, CancellationToken cancellationToken)
    {
        var (bestPenalty, most) = (0.0, lattice.FlippedError(best));
        var (low, high) = (0.0, double.PositiveInfinity);
        var penalty = FirstPenalty;
        while (low < LargestPenalty && high / Math.Max(low, FirstPenalty / 1024) > PenaltyPrecision)
        {
            cancellationToken.ThrowIfCancellationRequested();
            descent.Solve((float)(penalty * unit));
            var error = descent.ActivationError();
            if (error <= allowed)
            {
                low = penalty;
                if (lattice.FlippedError(descent.Up) is var flipped && flipped >= most)
                {
                    (bestPenalty, most) = (penalty, flipped);
                    descent.Up.CopyTo(best, 0);
                }

                if (error >= BudgetUse * allowed)
                    break;
            }
            else
            {
                high = penalty;
            }

            penalty = double.IsInfinity(high) ? penalty * Growth
                : low > 0 ? Math.Sqrt(low * high)
                : high / 4;
        }

        return (bestPenalty, best);
    }

    /// <summary>Describes a rounding that was found elsewhere.</summary>
    /// <param name="problem">The layer.</param>
    /// <param name="up">b.</param>
    /// <param name="budget">ρ, for whether the rounding happens to keep to it.</param>
    /// <param name="options">Threads and cancellation.</param>
    internal static LayerRounding Describe(LayerProblem problem, bool[] up, double budget, ParallelOptions options) =>
        Describe(problem, up, CoordinateDescent.ActivationErrorOf(problem, problem.Lattice.NearestUp, options), 0, budget, options);

    private static LayerRounding Describe(
        LayerProblem problem, bool[] up, double nearestError, double penalty, double budget, ParallelOptions options)
    {
        var flips = 0;
        for (var i = 0; i < up.Length; i++)
            flips += up[i] != problem.Lattice.NearestUp[i] ? 1 : 0;
        var error = CoordinateDescent.ActivationErrorOf(problem, up, options);
        return new LayerRounding(up, (double)flips / up.Length, nearestError, error, penalty, problem.Residual.Sum(), error <= budget * nearestError);
    }
}
