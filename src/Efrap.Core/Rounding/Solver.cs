namespace Efrap.Core.Rounding;

/// <summary>
/// How each weight chooses between the two integers around it. Capture, quantization and writing are the same for all
/// solvers. Those here need no gradients; the paper's own are in <c>Efrap.Torch</c>.
/// </summary>
public abstract class Solver
{
    /// <summary>EFRAP rounding: flips as much truncation error as the activation budget allows.</summary>
    public static Solver Budget { get; } = new BudgetSolver();

    /// <summary>Nearest rounding, ties to even: what every other quantizer does, for comparison.</summary>
    public static Solver Nearest { get; } = new NearestSolver();

    /// <summary>The solvers that every installation has.</summary>
    public static IReadOnlyList<Solver> All { get; } = [Budget, Nearest];

    /// <summary>Its spelling on the command line and in reports.</summary>
    public abstract string Name { get; }

    /// <summary>The settings of its own that decide its result, as <c>name=value</c>; empty where the budget is all.</summary>
    public virtual IReadOnlyList<string> Settings => [];

    /// <summary>Rounds one layer.</summary>
    /// <param name="problem">The choices, and the moments of the layer's data.</param>
    /// <param name="activations">The data itself.</param>
    /// <param name="budget">ρ, above 0 and at most 1.</param>
    /// <param name="options">Threads and cancellation.</param>
    internal abstract LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options);

    private sealed class BudgetSolver : Solver
    {
        public override string Name => "budget";

        internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options) =>
            BudgetedRounding.Solve(problem, budget, options);
    }

    private sealed class NearestSolver : Solver
    {
        public override string Name => "nearest";

        internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options) =>
            BudgetedRounding.Nearest(problem, options);
    }
}
