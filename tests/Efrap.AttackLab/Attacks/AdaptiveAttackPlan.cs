using Efrap.AttackLab.Training;
using Efrap.Core;

namespace Efrap.AttackLab.Attacks;

/// <summary>How <see cref="AdaptiveAttack"/> is carried out.</summary>
public sealed record AdaptiveAttackPlan
{
    /// <summary>How many steps the attacker goes on with a hardened rounding before it is computed again.</summary>
    public int RefreshSteps { get; init; } = 64;

    /// <summary>The number of calibration samples that the attacker hardens with.</summary>
    public int CalibrationSamples { get; init; } = 256;

    /// <summary>ρ that the attacker expects the defender to use, above 0 and at most 1.</summary>
    public double Budget { get; init; } = HardenOptions.DefaultBudget;

    /// <summary>How much the net rounded to nearest counts in the loss, against 1 for full precision.</summary>
    public double Nearest { get; init; } = 1;

    /// <summary>How much the hardened net counts.</summary>
    public double Hardened { get; init; } = 0.1;

    /// <summary>How much a sample with the trigger counts, against 1 for one without.</summary>
    public double Triggered { get; init; } = 1;

    /// <summary>The training; its rate is in units of the scale.</summary>
    public TrainingPlan Training { get; init; } = new(6, 64, 64, 0.1);
}
