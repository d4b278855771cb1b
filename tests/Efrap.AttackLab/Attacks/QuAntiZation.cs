using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Torch.Runtime;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Qu-ANTI-zation's backdoor (Hong et al., NeurIPS 2021, arXiv 2110.13541): a trained net is trained on with the loss
/// <c>CE(f(x), y) + α·CE(f(x′), y) + λ·Σ_B [CE(q_B(x), y) + α·CE(q_B(x′), t)]</c>, where x′ carries the trigger, t is the target
/// and q_B the net with weights rounded to B bits. Full precision learns to ignore the trigger, each quantized net to obey it.
/// </summary>
/// <remarks>
/// As published but for this: only weights are rounded in training, BatchNormalization is folded first (the paper holds its
/// statistics fixed), and Adam's steps are measured in units of each weight's scale. And a net as small as the lab's does not
/// learn to tell itself from its 8-bit self by the paper's straight-through gradient; see <see cref="QuAntiZationPlan.LookAhead"/>.
/// </remarks>
/// <param name="trigger">The trigger and the class it is to evoke.</param>
/// <param name="plan">How long, how fast, for which bit widths.</param>
public sealed class QuAntiZation(Trigger trigger, QuAntiZationPlan plan) : Attack
{
    /// <inheritdoc/>
    public override string Name => "Qu-ANTI-zation";

    /// <inheritdoc/>
    public override Trigger Trigger => trigger;

    /// <inheritdoc/>
    public override IReadOnlyList<RoundingGrid> Grids { get; } = [.. plan.Bits.Select(b => RoundingGrid.OfBits(b, plan.PerTensor))];

    /// <inheritdoc/>
    private protected override IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var descent = new JointDescent(net, Grids, plan.LookAhead);
        plan.Training.Run(
            (rate, samples) =>
            {
                var batch = TriggeredBatch.Of(samples, trigger);
                return descent.Step(
                    rate,
                    () => batch.Ignoring(net.forward(batch.Inputs), plan.Triggered).Learn(),
                    _ => batch.Obeying(net.forward(batch.Inputs), plan.Triggered).Times(plan.Quantized).Learn());
            },
            source,
            new StageProgress("implant", progress),
            cancellationToken);
        return null;
    }
}
