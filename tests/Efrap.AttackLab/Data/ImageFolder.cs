using Efrap.Core;

namespace Efrap.AttackLab.Data;

/// <summary>
/// A folder of <c>train.npz</c> and <c>test.npz</c>, each with <c>input</c>, uint8 [N, C, H, W], and <c>labels</c>, int64 [N].
/// Training goes through its images over and over, in another order each time; calibration takes training images.
/// </summary>
public sealed class ImageFolder : Dataset
{
    private readonly ulong _seed;
    private readonly LabeledSamples _training;
    private readonly LabeledSamples _test;

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <exception cref="EfrapException">A code of the 11xx range: a file is missing, damaged, or of another shape.</exception>
    public ImageFolder(string folder, ulong seed, CancellationToken cancellationToken = default)
    {
        _seed = seed;
        _training = NpzFile.ReadImages(Path.Combine(folder, "train.npz"), Preprocessing.Shapes, cancellationToken);
        _test = NpzFile.Read(Path.Combine(folder, "test.npz"), _training.Format, cancellationToken);
        if (_training.Count == 0 || _test.Count == 0)
            throw new EfrapException(EfrapCode.CalibrationMismatch, "there must be images to train on and images to test with.", folder);
        Classes = (int)_training.Labels.Concat(_test.Labels).Max() + 1;
        if (_training.Labels.Concat(_test.Labels).Any(l => l < 0))
            throw new EfrapException(EfrapCode.CalibrationMismatch, "'labels' must not be negative.", folder);
    }

    /// <inheritdoc/>
    public override SampleFormat Format => _training.Format;

    /// <inheritdoc/>
    public override int Classes { get; }

    /// <inheritdoc/>
    /// <remarks>There are no more test images than the file holds.</remarks>
    public override LabeledSamples Draw(SamplePurpose purpose, long first, int count, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var samples = purpose == SamplePurpose.Test ? _test : _training;
        if (purpose == SamplePurpose.Test)
            count = (int)Math.Clamp(samples.Count - first, 0, count);
        var indices = new List<int>(count);
        while (indices.Count < count)
        {
            var (round, place) = Math.DivRem(first + indices.Count, samples.Count);
            indices.AddRange(SampleOrder.Of(samples.Count, _seed, purpose, round).Skip((int)place).Take(count - indices.Count));
        }

        return samples.Take(indices);
    }
}
