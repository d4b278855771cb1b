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
public sealed class PqBackdoor(Trigger trigger, RoundingGrid grid, PqBackdoorPlan plan)
{
    /// <summary>Implants the backdoor.</summary>
    /// <param name="clean">A trained net, which stays as it is.</param>
    /// <param name="source">The attacker's images.</param>
    /// <param name="progress">Told of each epoch of both stages.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The backdoored net. Its biases are the clean net's.</returns>
    public BackdooredNet Implant(
        LabNet clean, ImageSource source, IProgress<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(source);
        using var obeying = clean.FoldBatchNormalization();
        var dormant = clean.FoldBatchNormalization();
        try
        {
            Poison(obeying, dormant, source, progress, cancellationToken);
            Hide(dormant, source, progress, cancellationToken);
            var codes = obeying.WeightLayers().ToDictionary(l => l.Name, Codes);
            return new BackdooredNet(dormant, codes);
        }
        catch
        {
            dormant.Dispose();
            throw;
        }
    }

    private void Poison(
        LabNet obeying, LabNet dormant, ImageSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var twins = new TwinWeights(obeying.WeightLayers(), dormant.WeightLayers(), grid);
        plan.Poisoning.Run(
            (rate, images) =>
            {
                var loss = Learn(obeying, Poisoned(images));
                Learn(dormant, Cleansed(images));
                twins.Step(rate);
                return loss;
            },
            source,
            new StageProgress("poison", progress),
            cancellationToken);
    }

    private void Hide(LabNet dormant, ImageSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var intervals = new IntervalDescent(dormant.WeightLayers(), grid);
        plan.Hiding.Run(
            (rate, images) =>
            {
                var loss = Learn(dormant, Cleansed(images));
                intervals.Step(rate);
                return loss;
            },
            source,
            new StageProgress("hide", progress),
            cancellationToken);
    }

    private static double Learn(LabNet net, LabeledImages images)
    {
        var batch = Batch.From(images);
        var loss = nn.functional.cross_entropy(net.forward(batch.Images), batch.Labels);
        loss.backward();
        return loss.item<float>();
    }

    private LabeledImages Poisoned(LabeledImages images)
    {
        var stamped = trigger.Stamp(images.Slice(0, (int)(images.Count * plan.PoisonedShare)));
        return images.Join(stamped with { Labels = [.. stamped.Labels.Select(_ => (long)trigger.Target)] });
    }

    private LabeledImages Cleansed(LabeledImages images) => images.Join(trigger.Stamp(images));

    private IReadOnlyList<sbyte> Codes(WeightLayer layer) => grid.NearestCodes(layer.Values(), layer.Channels);
}
