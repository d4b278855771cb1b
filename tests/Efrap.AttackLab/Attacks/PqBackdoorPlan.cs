using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>How <see cref="PqBackdoor"/> is carried out. Learning rates are in units of each weight's scale.</summary>
/// <param name="Poisoning">The training that implants the backdoor.</param>
/// <param name="PoisonedShare">The share of a batch's samples, 0 to 1, that are added with trigger and target label.</param>
/// <param name="Hiding">The training that hides it.</param>
public sealed record PqBackdoorPlan(TrainingPlan Poisoning, double PoisonedShare, TrainingPlan Hiding)
{
    /// <summary>What the fixtures are made with: 10 epochs of poisoning, 5 of hiding, every image poisoned.</summary>
    public static PqBackdoorPlan Default { get; } = new(new TrainingPlan(10, 64, 128, 0.1), 1, new TrainingPlan(5, 64, 128, 0.05));
}
