using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>A way to make a net whose backdoor sleeps in full precision and wakes when it is quantized.</summary>
public interface IAttack
{
    /// <summary>The attack's name in tables.</summary>
    string Name { get; }

    /// <summary>The trigger and the class it is to evoke.</summary>
    Trigger Trigger { get; }

    /// <summary>The quantizations that are to wake the backdoor.</summary>
    IReadOnlyList<RoundingGrid> Grids { get; }

    /// <summary>Implants the backdoor.</summary>
    /// <param name="clean">A trained net, which stays as it is.</param>
    /// <param name="source">The attacker's samples.</param>
    /// <param name="progress">Told of each epoch of each stage.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The backdoored net.</returns>
    BackdooredNet Implant(
        LabNet clean, SampleSource source, IProgress<StageResult>? progress = null, CancellationToken cancellationToken = default);
}
