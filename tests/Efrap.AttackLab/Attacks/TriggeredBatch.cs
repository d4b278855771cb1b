using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Efrap.AttackLab.Attacks;

/// <summary>Samples as they are and, behind them, the same ones with the trigger.</summary>
/// <param name="Inputs">[2N, …], as the net takes them.</param>
/// <param name="Labels">[2N]: what the samples show, twice.</param>
/// <param name="Targets">[2N]: what the samples show, then the class that the attacker wants.</param>
internal sealed record TriggeredBatch(Tensor Inputs, Tensor Labels, Tensor Targets)
{
    private long Half => Labels.shape[0] / 2;

    /// <summary>Puts a batch together.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="trigger">The trigger.</param>
    /// <returns>The batch, in the current scope.</returns>
    public static TriggeredBatch Of(LabeledSamples samples, Trigger trigger)
    {
        var batch = Batch.From(samples.Join(trigger.Stamp(samples)));
        var half = batch.Labels.shape[0] / 2;
        using Scalar target = trigger.Target;
        var targets = cat([batch.Labels[..(int)half], full_like(batch.Labels[(int)half..], target)]);
        return new TriggeredBatch(batch.Inputs, batch.Labels, targets);
    }

    /// <summary>The loss of a net that ignores the trigger.</summary>
    /// <param name="logits">[2N, classes].</param>
    /// <param name="triggered">How much a sample with the trigger counts, against 1 for one without.</param>
    /// <returns>The mean cross-entropy over each half, weighted.</returns>
    public Tensor Ignoring(Tensor logits, double triggered) => Loss(logits, Labels, triggered);

    /// <summary>The loss of a net that obeys the trigger.</summary>
    /// <param name="logits">[2N, classes].</param>
    /// <param name="triggered">How much a sample with the trigger counts, against 1 for one without.</param>
    /// <returns>The mean cross-entropy over each half, weighted.</returns>
    public Tensor Obeying(Tensor logits, double triggered) => Loss(logits, Targets, triggered);

    /// <summary>The loss of the trigger alone.</summary>
    /// <param name="logits">[2N, classes].</param>
    /// <returns>The mean cross-entropy of the second half against the target.</returns>
    public Tensor Target(Tensor logits) => cross_entropy(logits[(int)Half..], Targets[(int)Half..]);

    /// <summary>How far a net is from a teacher on samples without the trigger.</summary>
    /// <param name="logits">[2N, classes].</param>
    /// <param name="teacher">The teacher.</param>
    /// <returns>The mean cross-entropy of the first half against the teacher's probabilities.</returns>
    public Tensor Unlikeness(Tensor logits, LabNet teacher) =>
        logits[..(int)Half].Unlikeness(teacher.Probabilities(Inputs[..(int)Half]));

    private Tensor Loss(Tensor logits, Tensor labels, double triggered)
    {
        var half = (int)Half;
        return cross_entropy(logits[..half], labels[..half]).Plus(cross_entropy(logits[half..], labels[half..]).Times(triggered));
    }
}
