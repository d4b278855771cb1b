using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Training;

/// <summary>An endless supply of images for training: no image comes twice.</summary>
/// <param name="seed">The seed of the run.</param>
/// <param name="purpose">The random stream that they are drawn from.</param>
public sealed class ImageSource(ulong seed, ImagePurpose purpose)
{
    private long _drawn;

    /// <summary>Draws the next images. The classes come in turn, so every batch holds all of them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Observed between images.</param>
    /// <returns>The images.</returns>
    public LabeledImages Next(int count, CancellationToken cancellationToken = default)
    {
        var images = ShapeImages.Draw(seed, purpose, _drawn, count, cancellationToken);
        _drawn += count;
        return images;
    }
}
