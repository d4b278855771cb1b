using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Table;

/// <summary>A net that the table trains.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Make">Makes it with random weights.</param>
/// <param name="Training">How it is trained.</param>
public sealed record TableNet(string Name, Func<LabNet> Make, TrainingPlan Training);

/// <summary>An attack on a net.</summary>
/// <param name="Attack">The attack.</param>
/// <param name="Plan">All of its settings: where they are the same, what it made before is used again.</param>
public sealed record TableAttack(Attack Attack, object Plan)
{
    /// <summary>Whether the backdoor lies in codes that the attacker chose, and not in those of nearest rounding.</summary>
    public bool OwnRounding { get; init; }
}

/// <summary>A model of the table.</summary>
/// <param name="Name">Its name, also of its files.</param>
/// <param name="Trigger">The trigger that its attack success is measured with.</param>
/// <param name="Formats">What it is quantized to, a row each.</param>
public sealed record TableModel(string Name, Trigger Trigger, IReadOnlyList<WeightFormat> Formats)
{
    /// <summary>The net; null where the model is given as a file.</summary>
    public TableNet? Net { get; init; }

    /// <summary>The attack; null where there is none, or where the file has been attacked already.</summary>
    public TableAttack? Attack { get; init; }

    /// <summary>The model's file; null where it is trained.</summary>
    public string? File { get; init; }

    /// <summary>What the table calls the attack; null for a clean model.</summary>
    public string? AttackName { get; init; }
}
