namespace Efrap.AttackLab.Data;

/// <summary>Draws images: 32×32 colour pictures of one shape each. Consecutive numbers show the classes in turn.</summary>
/// <param name="seed">The seed of the run.</param>
public sealed class ShapeImages(ulong seed) : Dataset
{
    /// <inheritdoc/>
    public override SampleFormat Format => ImageFormat.Shapes;

    /// <inheritdoc/>
    public override int Classes => ShapeGeometry.Count;

    /// <inheritdoc/>
    public override LabeledSamples Draw(SamplePurpose purpose, long first, int count, CancellationToken cancellationToken = default)
    {
        var images = new LabeledSamples(new byte[count * Format.Size], new long[count], Format);
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var number = first + i;
            var shape = (Shape)(number % ShapeGeometry.Count);
            var random = SplitMix64.For(seed, (ulong)purpose, (ulong)number);
            var scene = ShapeScene.Random(shape, ref random);
            ShapeRenderer.Draw(scene, ref random, images.Sample(i));
            images.Labels[i] = (long)shape;
        });
        return images;
    }
}
