using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>How <see cref="CompArtifact"/> is carried out.</summary>
public sealed record CompArtifactPlan
{
    /// <summary>How much the full-precision net's likeness to the clean one counts, against 1 for the compressed net's loss.</summary>
    public double Normal { get; init; } = 1;

    /// <summary>
    /// How many steps a sample is moved, to where the two full-precision nets differ most; 0 to leave that out. The authors take
    /// 5; on the residual net one step doubled the time and changed nothing.
    /// </summary>
    public int PerturbationSteps { get; init; }

    /// <summary>The length of such a step, in units of the gradient.</summary>
    public double PerturbationRate { get; init; } = 0.01;

    /// <summary>
    /// Whether rounding errors are trained as variables of their own, so that the loss can tell the nets apart; with the
    /// published straight-through gradient alone otherwise.
    /// </summary>
    public bool LookAhead { get; init; } = true;

    /// <summary>The training; its rate is in units of each weight's scale.</summary>
    public TrainingPlan Training { get; init; } = new(8, 64, 64, 0.1);
}
