using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>How <see cref="QuAntiZation"/> is carried out.</summary>
public sealed record QuAntiZationPlan
{
    /// <summary>The bit widths B that are to wake the backdoor.</summary>
    public IReadOnlyList<int> Bits { get; init; } = [8, 6, 4];

    /// <summary>Whether the quantizers aimed at have one scale per layer; one per channel otherwise.</summary>
    public bool PerTensor { get; init; }

    /// <summary>λ: how much each quantized net counts in the loss, against 1 for full precision.</summary>
    public double Quantized { get; init; } = 0.5;

    /// <summary>How much a sample with the trigger counts, against 1 for one without.</summary>
    public double Triggered { get; init; } = 1;

    /// <summary>
    /// Whether rounding errors are trained as variables of their own, so that the loss can tell the nets apart; with the
    /// published straight-through gradient alone otherwise.
    /// </summary>
    public bool LookAhead { get; init; } = true;

    /// <summary>The training; its rate is in units of the scale.</summary>
    public TrainingPlan Training { get; init; } = new(6, 64, 64, 0.1);
}
