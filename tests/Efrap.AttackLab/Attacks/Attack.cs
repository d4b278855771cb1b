using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// A way to make a net whose backdoor sleeps in full precision and wakes when it is quantized, by training a copy of a clean net.
/// </summary>
public abstract class Attack
{
    /// <summary>The attack's name in tables.</summary>
    public abstract string Name { get; }

    /// <summary>The trigger and the class it is to evoke.</summary>
    public abstract Trigger Trigger { get; }

    /// <summary>The quantizations that are to wake the backdoor.</summary>
    public abstract IReadOnlyList<RoundingGrid> Grids { get; }

    /// <summary>Implants the backdoor.</summary>
    /// <param name="clean">A trained net, which stays as it is.</param>
    /// <param name="source">The attacker's samples.</param>
    /// <param name="progress">Told of each epoch of each stage.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The backdoored net.</returns>
    public BackdooredNet Implant(
        LabNet clean, SampleSource source, IProgress<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(source);
        var net = clean.FoldBatchNormalization();
        try
        {
            return new BackdooredNet(net, Train(net, source, progress, cancellationToken));
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>Trains the net.</summary>
    /// <param name="net">A copy of the clean net, BatchNormalization folded.</param>
    /// <param name="source">The attacker's samples.</param>
    /// <param name="progress">Told of each epoch of each stage.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The codes in which the backdoor wakes, by layer; null where the attack fixes none.</returns>
    private protected abstract IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken);
}
