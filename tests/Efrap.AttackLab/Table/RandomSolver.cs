using System.Globalization;
using Efrap.AttackLab.Data;
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
        var lattice = problem.Lattice;
        var random = SplitMix64.For(seed, (ulong)activations.Layer.NodeIndex, 0);
        var up = new bool[lattice.Floor.Length];
        for (var i = 0; i < up.Length; i++)
        {
            var draw = random.NextFloat(0, 1);
            var fraction = (lattice.Weights.Values[i] / lattice.Scales[i / problem.Columns]) - lattice.Floor[i];
            up[i] = lattice.Movable[i] ? draw < fraction : lattice.NearestUp[i];
        }

        return BudgetedRounding.Describe(problem, up, budget, options);
    }
}
