using System.Globalization;
using Efrap.AttackLab.Data;
using Efrap.Core.Indicators;
using Efrap.Core.Rounding;

namespace Efrap.AttackLab.Table;

/// <summary>Stochastic rounding: up with the probability of the weight's fraction. What breaks a backdoor but knows no data.</summary>
/// <param name="seed">Decides the draws.</param>
public sealed class RandomSolver(ulong seed) : Solver
{
    /// <inheritdoc/>
    public override string Name => "random";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Settings => [string.Create(CultureInfo.InvariantCulture, $"seed={seed}")];

    /// <inheritdoc/>
    internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options)
    {
        // Every weight has a draw, so that what one rounds to does not depend on which of the others have a choice.
        var random = SplitMix64.For(seed, (ulong)activations.Layer.NodeIndex, 0);
        var draws = new float[problem.Lattice.Floor.Length];
        for (var i = 0; i < draws.Length; i++)
            draws[i] = random.NextFloat(0, 1);
        var up = Dither.Of(problem.Lattice, i => draws[i]);
        return BudgetedRounding.Describe(problem, up, budget, options);
    }
}
