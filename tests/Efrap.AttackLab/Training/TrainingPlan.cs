namespace Efrap.AttackLab.Training;

/// <summary>How long and how fast to train.</summary>
/// <param name="Epochs">The number of progress reports; each epoch brings new images.</param>
/// <param name="StepsPerEpoch">The number of batches in an epoch.</param>
/// <param name="BatchSize">The number of images in a batch.</param>
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
        var done = (step + 1.0) / (Steps + 1);
        const double WarmUp = 0.1;
        return done < WarmUp ? Rate * done / WarmUp : Rate * (1 + Math.Cos(Math.PI * (done - WarmUp) / (1 - WarmUp))) / 2;
    }
}
