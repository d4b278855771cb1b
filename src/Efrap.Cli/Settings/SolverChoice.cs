using Efrap.Core.Rounding;

namespace Efrap.Cli.Settings;

/// <summary>A solver that this installation has.</summary>
/// <param name="Name">Its spelling on the command line, in requests and in reports.</param>
/// <param name="Description">What it does, in one sentence of the help.</param>
/// <param name="Create">Makes it; throws an exception with a code where this machine cannot run it.</param>
internal sealed record SolverChoice(string Name, string Description, Func<SolverSettings, Solver> Create)
{
    /// <summary>Whether it goes by <see cref="SolverSettings"/>; the engine's own have nothing to set beside the budget.</summary>
    public bool HasSettings { get; init; }
}

/// <summary>What a solver that goes by steps can be told.</summary>
/// <param name="Steps">The number of steps per layer, at least 1.</param>
/// <param name="Seed">Decides its random choices; at least 0.</param>
internal sealed record SolverSettings(int Steps = SolverSettings.DefaultSteps, int Seed = 0)
{
    /// <summary>The number of steps in the paper.</summary>
    public const int DefaultSteps = 10_000;
}
