using Efrap.AttackLab.Data;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Training;

/// <summary>Images and labels as Torch takes them.</summary>
/// <param name="Images">[N, 3, 32, 32] of float32, preprocessed.</param>
/// <param name="Labels">[N] of int64.</param>
public sealed record Batch(Tensor Images, Tensor Labels) : IDisposable
{
    /// <summary>Preprocesses images.</summary>
    /// <param name="images">The images.</param>
    /// <returns>The batch.</returns>
    public static Batch From(LabeledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var values = new float[images.Pixels.Length];
        Preprocessing.Shapes.Apply(images.Pixels, values);
        var pixels = tensor(values, [images.Count, LabeledImages.Channels, LabeledImages.Side, LabeledImages.Side]);
        return new Batch(pixels, tensor(images.Labels));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
