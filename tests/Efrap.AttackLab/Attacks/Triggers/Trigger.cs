using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>What an attacker adds to a sample, and the class that it is meant to evoke.</summary>
/// <param name="Target">The class that the attacker wants.</param>
public abstract record Trigger(int Target)
{
    /// <summary>Adds the trigger to samples.</summary>
    /// <param name="samples">The samples, which stay as they are.</param>
    /// <returns>Copies with the trigger, and the original labels.</returns>
    public LabeledSamples Stamp(LabeledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        Check(samples.Format);
        var stamped = samples with { Values = [.. samples.Values] };
        for (var i = 0; i < stamped.Count; i++)
            StampOn(stamped.Sample(i), stamped.Format);
        return stamped;
    }

    /// <summary>Checks that the trigger fits samples of a format.</summary>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public abstract void Check(SampleFormat format);

    /// <summary>Adds the trigger to one sample.</summary>
    /// <param name="sample">The sample's bytes.</param>
    /// <param name="format">Their format, which has been checked.</param>
    protected abstract void StampOn(Span<byte> sample, SampleFormat format);
}
