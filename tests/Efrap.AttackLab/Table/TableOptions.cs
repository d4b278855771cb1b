using Efrap.Core;

namespace Efrap.AttackLab.Table;

/// <summary>What <see cref="TableRun"/> is asked to do.</summary>
/// <param name="Output">The folder that the table, the models and the results go to.</param>
public sealed record TableOptions(string Output)
{
    /// <summary>The images drawn by the lab.</summary>
    public const string DrawnData = "drawn";

    /// <summary>The trained models and images in <c>shared</c> beside the checkout.</summary>
    public const string Cifar10 = "cifar10";

    /// <summary>The names of the models wanted; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary><see cref="DrawnData"/>, <see cref="Cifar10"/>, or a folder of <c>train.npz</c> and <c>test.npz</c>.</summary>
    public string Data { get; init; } = DrawnData;

    /// <summary>The seed of images, weights, and random rounding.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The steps per layer of the paper's solver; 0 leaves it out.</summary>
    public int PaperSteps { get; init; } = 10_000;

    /// <summary>Whether everything is quantized in the paper's setting, <see cref="WeightFormat.Paper"/>, in place of each model's formats.</summary>
    public bool InPaperSetting { get; init; }

    /// <summary>ρ, the activation budget of our solver; above 0 and at most 1.</summary>
    public double Budget { get; init; } = HardenOptions.DefaultBudget;

    /// <summary>The number of threads of Torch and of hardening. The nets depend on it, roundings do not.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The number of calibration samples.</summary>
    public int CalibrationSamples { get; init; } = 1024;

    /// <summary>The number of test samples.</summary>
    public int TestSamples { get; init; } = 4000;
}
