using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Training;

/// <summary>Ordinary training, as an honest vendor would do it.</summary>
/// <param name="plan">How long and how fast.</param>
public sealed class CleanTraining(TrainingPlan plan)
{
    private const double WeightDecay = 5e-4;

    // Makes many weights small, as pruning-minded training does; it also costs this small net no accuracy.
    private const double Sparsity = 2e-4;

    /// <summary>Trains a net on new samples.</summary>
    /// <param name="net">The net, left in evaluation mode.</param>
    /// <param name="source">The samples.</param>
    /// <param name="progress">Told of each epoch.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    public void Train(
        LabNet net, SampleSource source, IProgress<StageResult>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(net);
        using var descent = new MomentumDescent(net.parameters(), WeightDecay, Sparsity);
        net.train();
        plan.Run(
            (rate, samples) =>
            {
                var batch = Batch.From(samples);
                var loss = nn.functional.cross_entropy(net.forward(batch.Inputs), batch.Labels);
                loss.backward();
                descent.Step(rate);
                return loss.item<float>();
            },
            source,
            new StageProgress("clean", progress),
            cancellationToken);
        net.eval();
    }
}
