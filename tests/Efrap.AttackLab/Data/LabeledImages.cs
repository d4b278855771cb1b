namespace Efrap.AttackLab.Data;

/// <summary>Images and what they show.</summary>
/// <param name="Pixels">Bytes of shape [Count, 3, 32, 32]: red, green and blue planes.</param>
/// <param name="Labels">The class of each image.</param>
public sealed record LabeledImages(byte[] Pixels, long[] Labels)
{
    /// <summary>The side of an image in pixels.</summary>
    public const int Side = ShapeScene.Side;

    /// <summary>The number of colour planes.</summary>
    public const int Channels = 3;

    /// <summary>The number of bytes of an image.</summary>
    public const int ImageBytes = Channels * Side * Side;

    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>One image's bytes.</summary>
    /// <param name="index">The image.</param>
    /// <returns>[3, 32, 32].</returns>
    public Span<byte> Image(int index) => Pixels.AsSpan(index * ImageBytes, ImageBytes);

    /// <summary>A run of images, copied.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>The images and their labels.</returns>
    public LabeledImages Slice(int first, int count) =>
        new(Pixels.AsSpan(first * ImageBytes, count * ImageBytes).ToArray(), Labels.AsSpan(first, count).ToArray());

    /// <summary>Puts images behind these.</summary>
    /// <param name="others">The images to add.</param>
    /// <returns>All of them.</returns>
    public LabeledImages Join(LabeledImages others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new([.. Pixels, .. others.Pixels], [.. Labels, .. others.Labels]);
    }
}
