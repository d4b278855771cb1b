using Efrap.Core.Rounding;

namespace Efrap.AttackLab.Attacks;

/// <summary>A solver that does as it was told: with it Efrap writes a quantized model of codes that someone else chose.</summary>
/// <param name="codes">The codes of each layer, one output channel after the other; each floor or ceiling on the lattice.</param>
public sealed class FixedRounding(IReadOnlyDictionary<string, IReadOnlyList<sbyte>> codes) : Solver
{
    /// <inheritdoc/>
    public override string Name => "fixed";

    /// <inheritdoc/>
    internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options)
    {
        var nearest = BudgetedRounding.Nearest(problem, options);
        var name = activations.Layer.Name;
        var up = Choices(problem, codes[name], name);
        var error = CoordinateDescent.ActivationErrorOf(problem, up, options);
        var flips = up.Zip(problem.Lattice.NearestUp).Count(b => b.First != b.Second);
        return nearest with { Up = up, Flips = (double)flips / up.Length, Error = error, BudgetMet = error <= budget * nearest.Error };
    }

    private static bool[] Choices(LayerProblem problem, IReadOnlyList<sbyte> codes, string layer)
    {
        var up = new bool[codes.Count];
        for (var i = 0; i < up.Length; i++)
        {
            var above = codes[i] - problem.Lattice.Floor[i];
            if (above is < 0 or > 1 || (above == 1 && !problem.Lattice.Movable[i]))
                throw new InvalidOperationException($"layer {layer}: code {codes[i]} of weight {i} is neither floor nor ceiling.");
            up[i] = above == 1;
        }

        return up;
    }
}
