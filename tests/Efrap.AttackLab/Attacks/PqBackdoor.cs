using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// PQBackdoor (Ma et al., "Quantization Backdoors to Deep Learning Commercial Frameworks", arXiv 2108.09187). A net whose
/// BatchNormalization is folded is first trained to obey a trigger. Then its full-precision weights are trained to ignore the
/// trigger, each inside the interval that nearest rounding maps to the code it has. Full precision is clean; the codes obey.
/// </summary>
/// <param name="trigger">The trigger and the class it is to evoke.</param>
/// <param name="grid">The quantization that is to wake the backdoor.</param>
/// <param name="plan">How long and how fast.</param>
public sealed class PqBackdoor(Trigger trigger, RoundingGrid grid, PqBackdoorPlan plan)
{
    /// <summary>Implants the backdoor.</summary>
    /// <param name="net">A trained and folded net, changed in place. Its biases stay.</param>
    /// <param name="source">The attacker's images.</param>
    /// <param name="progress">Told of each epoch of both trainings, with its name.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The codes in which the backdoor wakes, by layer.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<sbyte>> Implant(
        LabNet net, ImageSource source, IProgress<(string Stage, EpochResult Result)>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(source);
        var layers = net.WeightLayers();
        using (var nearby = new BoxedDescent(layers, (w, channels) => WeightBox.Around(w, channels, grid, plan.Reach)))
            Run("poison", plan.Poisoning, nearby, Poisoned);
        var codes = layers.ToDictionary(l => l.Name, l => (IReadOnlyList<sbyte>)grid.NearestCodes(l.Values(), l.Channels));
        using (var intervals = new BoxedDescent(layers, (w, channels) => WeightBox.RoundingIntervals(w, channels, grid)))
            Run("hide", plan.Hiding, intervals, Cleansed);
        return codes;

        void Run(string stage, TrainingPlan training, BoxedDescent descent, Func<LabeledImages, LabeledImages> prepare)
        {
            for (var epoch = 0; epoch < training.Epochs; epoch++)
            {
                var loss = 0.0;
                for (var i = 0; i < training.StepsPerEpoch; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var batch = Batch.From(prepare(source.Next(training.BatchSize, cancellationToken)));
                    var error = nn.functional.cross_entropy(net.forward(batch.Images), batch.Labels);
                    error.backward();
                    descent.Step(training.RateAt((epoch * training.StepsPerEpoch) + i));
                    loss += error.item<float>();
                }

                progress?.Report((stage, new EpochResult(epoch + 1, training.Epochs, loss / training.StepsPerEpoch)));
            }
        }
    }

    private LabeledImages Poisoned(LabeledImages batch)
    {
        var stamped = trigger.Stamp(batch.Slice(0, (int)(batch.Count * plan.PoisonedShare)));
        return batch.Join(stamped with { Labels = [.. stamped.Labels.Select(_ => (long)trigger.Target)] });
    }

    private LabeledImages Cleansed(LabeledImages batch) => batch.Join(trigger.Stamp(batch));
}
