namespace Efrap.AttackLab.Data;

/// <summary>Images or sequences of tokens, and what they show.</summary>
/// <param name="Values">A byte for each value, one sample after the other: an image as its red, green and blue planes.</param>
/// <param name="Labels">The class of each sample.</param>
/// <param name="Format">What the bytes mean.</param>
public sealed record LabeledSamples(byte[] Values, long[] Labels, SampleFormat Format)
{
    /// <summary>The number of samples.</summary>
    public int Count => Labels.Length;

    /// <summary>One sample's bytes.</summary>
    /// <param name="index">The sample.</param>
    /// <returns>As many bytes as the format's size.</returns>
    public Span<byte> Sample(int index) => Values.AsSpan(index * Format.Size, Format.Size);

    /// <summary>A run of samples, copied.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>The samples and their labels.</returns>
    public LabeledSamples Slice(int first, int count) =>
        new(Values.AsSpan(first * Format.Size, count * Format.Size).ToArray(), Labels.AsSpan(first, count).ToArray(), Format);

    /// <summary>Puts samples behind these.</summary>
    /// <param name="others">Samples of the same format.</param>
    /// <returns>All of them.</returns>
    public LabeledSamples Join(LabeledSamples others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new([.. Values, .. others.Values], [.. Labels, .. others.Labels], Format);
    }
}
