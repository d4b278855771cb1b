using Efrap.Cli;
using Efrap.Cli.Settings;
using Efrap.Torch.Inversion;
using Efrap.Torch.Rounding;

namespace Efrap.Tool.Torch;

/// <summary>What the Torch tier adds to the command line and the worker. The native library is not touched before it is asked for.</summary>
internal static class TorchTier
{
    /// <summary>Adds it.</summary>
    /// <param name="host">What the command line talks to.</param>
    /// <returns>The same, with what needs gradients.</returns>
    public static Host AddTo(Host host) => host with
    {
        DeepIndicators = () => [new TriggerInversion()],
        Solvers =
        [
            .. host.Solvers,
            new("paper", "EFRAP as published, by gradient descent; slow.", settings => Paper(PaperObjective.Data, settings)) { HasSettings = true },
            new("paper-gram", "The same objective on the activations' moments.", settings => Paper(PaperObjective.Moments, settings)) { HasSettings = true },
        ],
    };

    private static PaperSolver Paper(PaperObjective objective, SolverSettings settings) =>
        new(new PaperSolverOptions { Objective = objective, Steps = settings.Steps, Seed = settings.Seed });
}
