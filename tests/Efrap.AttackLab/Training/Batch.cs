using Efrap.AttackLab.Data;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Training;

/// <summary>Samples and labels as Torch takes them.</summary>
/// <param name="Inputs">Preprocessed images, [N, channels, height, width] of float32, or tokens, [N, length] of int64.</param>
/// <param name="Labels">[N] of int64.</param>
public sealed record Batch(Tensor Inputs, Tensor Labels) : IDisposable
{
    /// <summary>Prepares samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <returns>The batch.</returns>
    public static Batch From(LabeledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        long[] shape = [samples.Count, .. samples.Format.Dimensions.Select(d => (long)d)];
        if (samples.Format is not ImageFormat images)
            return new Batch(tensor(Array.ConvertAll(samples.Values, v => (long)v), shape), tensor(samples.Labels));
        var values = new float[samples.Values.Length];
        images.Preprocessing.Apply(samples.Values, images, values);
        return new Batch(tensor(values, shape), tensor(samples.Labels));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }
}
