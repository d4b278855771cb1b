using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Training;

/// <summary>An endless supply of samples for training. Of a drawn set no sample comes twice.</summary>
/// <param name="dataset">Where they come from.</param>
/// <param name="purpose">The stream that they are drawn from.</param>
public sealed class SampleSource(Dataset dataset, SamplePurpose purpose)
{
    private long _drawn;

    /// <summary>The set.</summary>
    public Dataset Dataset => dataset;

    /// <summary>Draws the next samples. The classes of a drawn set come in turn, so every batch holds all of them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Observed between samples.</param>
    /// <returns>The samples.</returns>
    public LabeledSamples Next(int count, CancellationToken cancellationToken = default)
    {
        var samples = dataset.Draw(purpose, _drawn, count, cancellationToken);
        _drawn += count;
        return samples;
    }
}
