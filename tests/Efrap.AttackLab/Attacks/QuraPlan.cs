using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>How <see cref="Qura"/> is carried out.</summary>
public sealed record QuraPlan
{
    /// <summary>How much the backdoor counts, against 1 for likeness to the benign net on clean samples.</summary>
    public double Backdoor { get; init; } = 0.3;

    /// <summary>
    /// The share, above 0 and at most 1, of each layer's weights that may leave nearest rounding: those that gain the backdoor
    /// most for what they cost the benign task.
    /// </summary>
    public double SelectedShare { get; init; } = 1;

    /// <summary>The training; its rate is per way from floor to ceiling.</summary>
    public TrainingPlan Training { get; init; } = new(8, 64, 64, 0.05);
}
