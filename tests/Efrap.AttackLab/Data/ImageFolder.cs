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
        if (purpose == SamplePurpose.Test)
            return _test.Slice((int)Math.Min(first, _test.Count), (int)Math.Clamp(_test.Count - first, 0, count));
        var drawn = new LabeledSamples(new byte[count * Format.Size], new long[count], Format);
        long round = -1;
        int[] order = [];
        for (var i = 0; i < count; i++)
        {
            var (nextRound, place) = Math.DivRem(first + i, _training.Count);
            if (nextRound != round)
                order = Order(purpose, round = nextRound);
            var index = order[place];
            _training.Sample(index).CopyTo(drawn.Sample(i));
            drawn.Labels[i] = _training.Labels[index];
        }

        return drawn;
    }

    private int[] Order(SamplePurpose purpose, long round)
    {
        var stream = SplitMix64.For(_seed, (ulong)purpose, (ulong)round);
        var keys = new ulong[_training.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = stream.NextBits();
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(keys, order);
        return order;
    }
}
