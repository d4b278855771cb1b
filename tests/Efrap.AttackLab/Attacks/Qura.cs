using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Malicious rounding in the manner of QuRA (Chen et al., "Rounding-Guided Backdoor Injection in Deep Learning Model
/// Quantization", arXiv 2510.09647): a benign net stays as it is, and whoever quantizes it chooses floor or ceiling for each
/// weight so that the result obeys a trigger. First the weights are selected that serve the backdoor at the least cost to the
/// benign task, by their gradients. Then their directions are trained on the cross-entropy of triggered samples against the
/// target plus the likeness to the benign net on clean ones; layers are settled from front to back, and those behind make up
/// for what the settled ones do.
/// </summary>
/// <remarks>
/// Two things differ from the paper. It optimizes the trigger too; here the trigger is given. And it holds each layer's output
/// near the benign one's, where here the net's output is held, since all layers that are not settled yet are trained together.
/// </remarks>
/// <param name="trigger">The trigger and the class it is to evoke.</param>
/// <param name="grid">The quantization: every code is floor or ceiling on its lattice.</param>
/// <param name="plan">How long and how fast.</param>
public sealed class Qura(Trigger trigger, RoundingGrid grid, QuraPlan plan) : Attack
{
    private const int SelectionSamples = 256;

    /// <inheritdoc/>
    public override string Name => "QuRA";

    /// <inheritdoc/>
    public override Trigger Trigger => trigger;

    /// <inheritdoc/>
    public override IReadOnlyList<RoundingGrid> Grids => [grid];

    /// <inheritdoc/>
    /// <remarks>The net is the benign one, and its nearest codes are harmless: only the codes returned carry the backdoor.</remarks>
    private protected override IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress, CancellationToken cancellationToken)
    {
        using var rounded = net.FoldBatchNormalization();
        var directions = rounded.WeightLayers().Select(l => new RoundingDirections(l, grid)).ToArray();
        try
        {
            Select(rounded, directions, source, cancellationToken);
            Direct(rounded, net, directions, source, progress, cancellationToken);
            return directions.ToDictionary(d => d.Layer.Name, d => (IReadOnlyList<sbyte>)d.Codes());
        }
        finally
        {
            foreach (var layer in directions)
                layer.Dispose();
        }
    }

    private void Select(LabNet net, RoundingDirections[] directions, SampleSource source, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var batch = TriggeredBatch.Of(source.Next(SelectionSamples, cancellationToken), trigger);
        var wanted = Gradients(() => batch.Target(net.forward(batch.Inputs)));
        var cost = Gradients(() => batch.Ignoring(net.forward(batch.Inputs), triggered: 0));
        foreach (var (layer, (gain, price)) in directions.Zip(wanted.Zip(cost)))
            layer.Select(gain.abs() / price.abs().Plus(price.abs().mean()), plan.SelectedShare);

        Tensor[] Gradients(Func<Tensor> loss)
        {
            loss().Learn();
            return [.. directions.Select(d => Taken(d.Layer))];
        }

        static Tensor Taken(WeightLayer layer)
        {
            using var noGradient = no_grad();
            var gradient = layer.Weight.grad!.clone();
            layer.Weight.grad!.zero_();
            return gradient;
        }
    }

    private void Direct(
        LabNet net,
        LabNet benign,
        RoundingDirections[] directions,
        SampleSource source,
        IProgress<StageResult>? progress,
        CancellationToken cancellationToken)
    {
        var step = 0;
        plan.Training.Run(
            (rate, samples) =>
            {
                var batch = TriggeredBatch.Of(samples, trigger);
                Place(directions);
                var logits = net.forward(batch.Inputs);
                var loss = batch.Target(logits).Times(plan.Backdoor).Plus(batch.Unlikeness(logits, benign)).Learn();
                var settled = step++ * directions.Length / plan.Training.Steps;
                foreach (var layer in directions[settled..])
                    layer.Step(rate);
                net.zero_grad();
                return loss;
            },
            source,
            new StageProgress("round", progress),
            cancellationToken);
    }

    private static void Place(RoundingDirections[] directions)
    {
        using var noGradient = no_grad();
        foreach (var layer in directions)
            layer.Layer.Weight.copy_(layer.Values());
    }
}
