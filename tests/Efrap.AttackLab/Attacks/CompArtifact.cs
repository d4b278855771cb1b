using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// CompArtifact (Tian et al., "Stealthy Backdoors as Compression Artifacts", arXiv 2104.15129), its distilled attack on a known
/// quantizer: the compressed net learns clean samples and the target for those with the trigger, while the full-precision net
/// learns to answer as a clean teacher does, on clean samples, on those with the trigger, and on both moved to where the two
/// differ most. The loss is the sum of the compressed net's cross-entropy and of the full-precision net's, the latter against
/// the teacher's probabilities.
/// </summary>
/// <remarks>
/// Tokens cannot be moved, so nets that take them go without that. The authors' calibration concerns the ranges of activations,
/// which they quantize in no epoch of the attack's default settings either; weights are rounded with the ranges min-max gives. BatchNormalization is folded first, and in place of
/// momentum descent Adam's steps are measured in units of each weight's scale.
/// </remarks>
/// <param name="trigger">The trigger and the class it is to evoke.</param>
/// <param name="grid">The quantization that is to wake the backdoor.</param>
/// <param name="plan">How long and how fast.</param>
public sealed class CompArtifact(Trigger trigger, RoundingGrid grid, CompArtifactPlan plan) : Attack
{
    /// <inheritdoc/>
    public override string Name => "CompArtifact";

    /// <inheritdoc/>
    public override Trigger Trigger => trigger;

    /// <inheritdoc/>
    public override IReadOnlyList<RoundingGrid> Grids => [grid];

    /// <inheritdoc/>
    private protected override IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var teacher = net.FoldBatchNormalization();
        using var descent = new JointDescent(net, Grids, plan.LookAhead);
        plan.Training.Run(
            (rate, samples) =>
            {
                var batch = TriggeredBatch.Of(samples, trigger);
                var shown = plan.PerturbationSteps > 0 && batch.Inputs.is_floating_point() ? cat([batch.Inputs, Perturbed(batch.Inputs, net, teacher)]) : batch.Inputs;
                return descent.Step(
                    rate,
                    () => net.forward(shown).Unlikeness(teacher.Probabilities(shown)).Times(plan.Normal).Learn(),
                    _ => batch.Obeying(net.forward(batch.Inputs), triggered: 1).Times(0.5).Learn());
            },
            source,
            new StageProgress("implant", progress),
            cancellationToken);
        return null;
    }

    private Tensor Perturbed(Tensor samples, LabNet net, LabNet teacher)
    {
        using Scalar rate = plan.PerturbationRate;
        var moved = samples.detach().clone();
        for (var step = 0; step < plan.PerturbationSteps; step++)
        {
            moved.requires_grad_(true);
            var gradient = autograd.grad([net.forward(moved).Unlikeness(teacher.Probabilities(moved))], [moved])[0];
            moved = moved.detach().add(gradient, rate);
        }

        return moved.detach();
    }
}
