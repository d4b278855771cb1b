using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Training;

/// <summary>Trains a net by stochastic gradient descent with momentum.</summary>
public static class Trainer
{
    private const double WeightDecay = 5e-4;

    /// <summary>Trains a net on new images.</summary>
    /// <param name="net">The net, left in evaluation mode.</param>
    /// <param name="plan">How long and how fast.</param>
    /// <param name="source">The images.</param>
    /// <param name="prepare">What is done to the images of a batch before the net sees them.</param>
    /// <param name="sparsity">The factor of the absolute weights in the loss.</param>
    /// <param name="progress">Told the loss after each epoch.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    public static void Train(
        LabNet net,
        TrainingPlan plan,
        ImageSource source,
        Func<LabeledImages, LabeledImages> prepare,
        double sparsity,
        IProgress<EpochResult>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(prepare);
        using var optimizer = new MomentumDescent(net.parameters(), WeightDecay, sparsity);
        net.train();
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            var loss = 0.0;
            for (var i = 0; i < plan.StepsPerEpoch; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var batch = Batch.From(prepare(source.Next(plan.BatchSize, cancellationToken)));
                var error = nn.functional.cross_entropy(net.forward(batch.Images), batch.Labels);
                error.backward();
                optimizer.Step(plan.RateAt((epoch * plan.StepsPerEpoch) + i));
                loss += error.item<float>();
            }

            progress?.Report(new EpochResult(epoch + 1, plan.Epochs, loss / plan.StepsPerEpoch));
        }

        net.eval();
    }
}
