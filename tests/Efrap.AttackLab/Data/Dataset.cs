namespace Efrap.AttackLab.Data;

/// <summary>The purpose that samples are drawn for. No sample serves two of them.</summary>
public enum SamplePurpose
{
    /// <summary>Training of a clean net.</summary>
    Training,

    /// <summary>Training of an attacker.</summary>
    Attack,

    /// <summary>Calibration of a quantizer.</summary>
    Calibration,

    /// <summary>Measuring what came out.</summary>
    Test,
}

/// <summary>Where samples come from.</summary>
public abstract class Dataset
{
    /// <summary>What its samples are.</summary>
    public abstract SampleFormat Format { get; }

    /// <summary>The number of classes.</summary>
    public abstract int Classes { get; }

    /// <summary>Gives samples. Each depends on its purpose and its number alone, not on the others or on threads.</summary>
    /// <param name="purpose">The stream they come from.</param>
    /// <param name="first">The number of the first sample in its stream.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Observed between samples.</param>
    /// <returns>The samples.</returns>
    public abstract LabeledSamples Draw(SamplePurpose purpose, long first, int count, CancellationToken cancellationToken = default);
}
