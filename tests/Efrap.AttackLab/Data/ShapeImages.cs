namespace Efrap.AttackLab.Data;

/// <summary>The purpose that images are drawn for. Images of different purposes come from different random streams.</summary>
public enum ImagePurpose
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

/// <summary>Draws the images that the lab's nets learn: 32×32 colour pictures of one shape each.</summary>
public static class ShapeImages
{
    /// <summary>Draws images. Each depends on its purpose, its number and the seed alone, not on the others or on threads.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">The stream they come from.</param>
    /// <param name="first">The number of the first image in its stream.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Observed between images.</param>
    /// <returns>The images; consecutive numbers show the classes in turn.</returns>
    public static LabeledImages Draw(
        ulong seed, ImagePurpose purpose, long first, int count, CancellationToken cancellationToken = default)
    {
        var images = new LabeledImages(new byte[count * LabeledImages.ImageBytes], new long[count]);
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var number = first + i;
            var shape = (Shape)(number % ShapeGeometry.Count);
            var random = SplitMix64.For(seed, (ulong)purpose, (ulong)number);
            var scene = ShapeScene.Random(shape, ref random);
            ShapeRenderer.Draw(scene, ref random, images.Image(i));
            images.Labels[i] = (long)shape;
        });
        return images;
    }
}
