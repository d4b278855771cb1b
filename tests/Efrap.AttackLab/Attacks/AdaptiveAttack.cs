using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// An attacker who knows EFRAP and this implementation of it. The net is trained as in <see cref="QuAntiZation"/>, dormant in
/// full precision and awake in its nearest codes, and awake too in the codes that Efrap's own hardening gives it. Every so many
/// steps the net is hardened anew; until then the difference between hardened and nearest codes is held fixed, and what the
/// hardened net learns goes straight through to the codes.
/// </summary>
/// <param name="trigger">The trigger and the class it is to evoke.</param>
/// <param name="grid">The quantization, of 8 or 4 bits.</param>
/// <param name="plan">How long, how fast, and what the defender is expected to do.</param>
public sealed class AdaptiveAttack(Trigger trigger, RoundingGrid grid, AdaptiveAttackPlan plan) : Attack
{
    /// <inheritdoc/>
    public override string Name => "Adaptive";

    /// <inheritdoc/>
    public override Trigger Trigger => trigger;

    /// <inheritdoc/>
    public override IReadOnlyList<RoundingGrid> Grids => [grid];

    /// <inheritdoc/>
    private protected override IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var calibration = source.Next(plan.CalibrationSamples, cancellationToken);
        var layers = net.WeightLayers();
        var shifts = new Dictionary<string, Tensor>();
        using var descent = new JointDescent(net, Grids, lookAhead: true);
        var step = 0;
        plan.Training.Run(
            (rate, samples) =>
            {
                if (step++ % plan.RefreshSteps == 0)
                    Refresh();
                var batch = TriggeredBatch.Of(samples, trigger);
                return descent.Step(
                    rate,
                    () => batch.Ignoring(net.forward(batch.Inputs), plan.Triggered).Learn(),
                    _ => batch.Obeying(net.forward(batch.Inputs), plan.Triggered).Times(plan.Nearest).Learn() + Hardened(batch));
            },
            source,
            new StageProgress("implant", progress),
            cancellationToken);
        return null;

        void Refresh()
        {
            var hardened = HardenedCodes.Of(net, grid, calibration, plan.Budget, cancellationToken);
            foreach (var layer in layers)
            {
                if (shifts.Remove(layer.Name, out var old))
                    old.Dispose();
                var nearest = grid.NearestCodes(layer.Values(), layer.Channels);
                var shift = hardened[layer.Name].Zip(nearest, (h, n) => (float)(h - n)).ToArray();
                shifts[layer.Name] = tensor(shift).reshape(layer.Weight.shape).MoveToOuterDisposeScope();
            }
        }

        double Hardened(TriggeredBatch batch)
        {
            using (RoundedWeights.Of(layers, l => Shifted(l.Weight, shifts[l.Name])))
                return batch.Obeying(net.forward(batch.Inputs), plan.Triggered).Times(plan.Hardened).Learn();
        }
    }

    private Tensor Shifted(Tensor weight, Tensor shift)
    {
        using Scalar smallest = (float)-grid.MaximumCode;
        using Scalar largest = (float)grid.MaximumCode;
        var scale = grid.Scale(weight);
        return grid.Codes(weight, scale).Plus(shift).clamp_(smallest, largest).mul_(scale);
    }
}
