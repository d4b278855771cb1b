using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// PQBackdoor (Ma et al., "Quantization Backdoors to Deep Learning Commercial Frameworks", arXiv 2108.09187) on a net whose
/// BatchNormalization is folded: first the weights are trained to obey a trigger; then full-precision weights are trained to
/// ignore it, each inside the interval that nearest rounding maps to the code it had. Full precision is clean; the codes obey.
/// </summary>
/// <remarks>
/// A net as small as the lab's has too little room in its int8 intervals to forget a backdoor that was trained without regard
/// to them. So the attacker looks ahead: the first stage trains a twin inside the intervals along with the codes.
/// </remarks>
/// <param name="trigger">The trigger and the class it is to evoke.</param>
/// <param name="grid">The quantization that is to wake the backdoor.</param>
/// <param name="plan">How long and how fast.</param>
public sealed class PqBackdoor(Trigger trigger, RoundingGrid grid, PqBackdoorPlan plan) : Attack
{
    /// <inheritdoc/>
    public override string Name => "PQBackdoor";

    /// <inheritdoc/>
    public override Trigger Trigger => trigger;

    /// <inheritdoc/>
    public override IReadOnlyList<RoundingGrid> Grids => [grid];

    /// <inheritdoc/>
    /// <remarks>The net's biases are the clean net's.</remarks>
    private protected override IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var obeying = net.FoldBatchNormalization();
        Poison(obeying, net, source, progress, cancellationToken);
        Hide(net, source, progress, cancellationToken);
        return obeying.WeightLayers().ToDictionary(l => l.Name, Codes);
    }

    private void Poison(
        LabNet obeying, LabNet dormant, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var twins = new TwinWeights(obeying.WeightLayers(), dormant.WeightLayers(), grid);
        plan.Poisoning.Run(
            (rate, samples) =>
            {
                var loss = Learn(obeying, Poisoned(samples));
                Learn(dormant, Cleansed(samples));
                twins.Step(rate);
                return loss;
            },
            source,
            new StageProgress("poison", progress),
            cancellationToken);
    }

    private void Hide(LabNet dormant, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var intervals = new IntervalDescent(dormant.WeightLayers(), grid);
        plan.Hiding.Run(
            (rate, samples) =>
            {
                var loss = Learn(dormant, Cleansed(samples));
                intervals.Step(rate);
                return loss;
            },
            source,
            new StageProgress("hide", progress),
            cancellationToken);
    }

    private static double Learn(LabNet net, LabeledSamples samples)
    {
        var batch = Batch.From(samples);
        return nn.functional.cross_entropy(net.forward(batch.Inputs), batch.Labels).Learn();
    }

    private LabeledSamples Poisoned(LabeledSamples samples)
    {
        var stamped = trigger.Stamp(samples.Slice(0, (int)(samples.Count * plan.PoisonedShare)));
        return samples.Join(stamped with { Labels = [.. stamped.Labels.Select(_ => (long)trigger.Target)] });
    }

    private LabeledSamples Cleansed(LabeledSamples samples) => samples.Join(trigger.Stamp(samples));

    private IReadOnlyList<sbyte> Codes(WeightLayer layer) => grid.NearestCodes(layer.Values(), layer.Channels);
}
