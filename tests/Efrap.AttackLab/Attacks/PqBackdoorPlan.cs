using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>How <see cref="PqBackdoor"/> is carried out. Learning rates are in units of each channel's scale.</summary>
/// <param name="Poisoning">The training that implants the backdoor.</param>
/// <param name="PoisonedShare">The share of a batch's samples, 0 to 1, that are added with trigger and target label.</param>
/// <param name="Hiding">The training that hides it.</param>
public sealed record PqBackdoorPlan(TrainingPlan Poisoning, double PoisonedShare, TrainingPlan Hiding);
