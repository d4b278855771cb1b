using Efrap.Core.Indicators;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Verification;

/// <summary>Roundings of others, as solvers.</summary>
internal static class Roundings
{
    /// <summary>Stochastic rounding.</summary>
    public static Solver Stochastic(int seed) => new Other("stochastic", (problem, _) =>
    {
        var random = SeededRandom.Of(seed + problem.Columns);
        return Dither.Of(problem.Lattice, _ => random.NextSingle());
    });

    /// <summary>The rounding that only preserves activations, as AdaRound aims at.</summary>
    public static Solver ActivationOptimal { get; } = new Other("activation-optimal", (problem, options) =>
    {
        var descent = new CoordinateDescent(problem, options);
        descent.Solve(0);
        return descent.Up;
    });

    /// <summary>Another rounding, but that in the last layer a share of all weights is chosen to raise the mean logit of class 0: up in its
    /// row, down in all others, those first that move it most. The layer's inputs are not negative.</summary>
    public static Solver RaisingClass0(Solver others, double share, int classes) => new Other("malicious", (problem, options, budget) =>
    {
        var up = others.Round(problem, null!, budget, options).Up;
        if (problem.Rows != classes)
            return up;
        var moves = Enumerable.Range(0, up.Length)
            .Where(i => problem.Lattice.Movable[i] && up[i] != i < problem.Columns)
            .OrderByDescending(i => problem.Lattice.ScaleOf(i / problem.Columns, i)
                * Math.Sqrt(problem.GramOf(i / problem.Columns)[(i % problem.Columns) * (problem.Columns + 1)]) * (i < problem.Columns ? classes : 1))
            .Take((int)(share * up.Length));
        foreach (var i in moves)
            up[i] = !up[i];
        return up;
    });

    private sealed class Other(string name, Func<LayerProblem, ParallelOptions, double, bool[]> round) : Solver
    {
        public Other(string name, Func<LayerProblem, ParallelOptions, bool[]> round)
            : this(name, (problem, options, _) => round(problem, options))
        {
        }

        public override string Name => name;

        internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options) =>
            BudgetedRounding.Describe(problem, round(problem, options, budget), budget, options);
    }
}
