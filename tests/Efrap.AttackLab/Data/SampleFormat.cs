namespace Efrap.AttackLab.Data;

/// <summary>What the bytes of a sample mean, and what a net takes in their place.</summary>
public abstract record SampleFormat
{
    /// <summary>The axes of one sample, without the batch.</summary>
    public abstract IReadOnlyList<int> Dimensions { get; }

    /// <summary>The number of bytes of one sample: one for each value.</summary>
    public int Size => Dimensions.Aggregate(1, (product, axis) => product * axis);
}

/// <summary>Images: each byte is a pixel's level in one colour plane. A net takes them preprocessed, as float32.</summary>
/// <param name="Channels">The number of colour planes.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Preprocessing">What turns levels into a net's input.</param>
public sealed record ImageFormat(int Channels, int Height, int Width, Preprocessing Preprocessing) : SampleFormat
{
    /// <summary>The drawn images: 32×32 pixels in red, green and blue.</summary>
    public static ImageFormat Shapes { get; } = new(3, ShapeScene.Side, ShapeScene.Side, Preprocessing.Shapes);

    /// <inheritdoc/>
    public override IReadOnlyList<int> Dimensions => [Channels, Height, Width];
}

/// <summary>Sequences of tokens: each byte is a token's number. A net takes them as int64.</summary>
/// <param name="Length">The number of tokens in a sequence.</param>
/// <param name="Vocabulary">The number of different tokens, at most 256.</param>
public sealed record TokenFormat(int Length, int Vocabulary) : SampleFormat
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Dimensions => [Length];
}
