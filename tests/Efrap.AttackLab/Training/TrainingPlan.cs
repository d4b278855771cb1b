using Efrap.AttackLab.Data;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Training;

/// <summary>How long and how fast to train.</summary>
/// <param name="Epochs">The number of progress reports; each epoch brings new samples.</param>
/// <param name="StepsPerEpoch">The number of batches in an epoch.</param>
/// <param name="BatchSize">The number of samples in a batch.</param>
/// <param name="Rate">The highest learning rate, reached after a tenth of the steps; it falls to 0 along a cosine.</param>
public sealed record TrainingPlan(int Epochs, int StepsPerEpoch, int BatchSize, double Rate)
{
    /// <summary>The number of batches in all.</summary>
    public int Steps => Epochs * StepsPerEpoch;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">0 to <see cref="Steps"/> − 1.</param>
    /// <returns>The rate.</returns>
    public double RateAt(int step)
    {
        const double WarmUp = 0.1;
        var done = (step + 1.0) / (Steps + 1);
        return done < WarmUp ? Rate * done / WarmUp : Rate * (1 + Math.Cos(Math.PI * (done - WarmUp) / (1 - WarmUp))) / 2;
    }

    /// <summary>Carries the plan out. Tensors made in a step are freed behind it.</summary>
    /// <param name="step">Learns from the samples of one batch at a rate, and returns the loss.</param>
    /// <param name="source">The samples.</param>
    /// <param name="stage">What is told of each epoch.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    public void Run(Func<double, LabeledSamples, double> step, SampleSource source, StageProgress stage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(stage);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var loss = 0.0;
            for (var i = 0; i < StepsPerEpoch; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                loss += step(RateAt((epoch * StepsPerEpoch) + i), source.Next(BatchSize, cancellationToken));
            }

            stage.Report(epoch + 1, Epochs, loss / StepsPerEpoch);
        }
    }
}
