using Efrap.Core;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.AttackLab.Data;

/// <summary>CIFAR-10 as it lies in <c>shared</c>: images to calibrate and to test with, none to train on.</summary>
public sealed class SharedImages : Dataset
{
    private readonly ulong _seed;
    private readonly LabeledSamples _calibration;
    private readonly LabeledSamples _test;

    /// <summary>Reads the images.</summary>
    /// <param name="folder">The folder of <c>cifar10-calibration.npz</c> and <c>cifar10-test.npz</c>.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <exception cref="EfrapException">A code of the 11xx range.</exception>
    public SharedImages(string folder, ulong seed, CancellationToken cancellationToken = default)
    {
        _seed = seed;
        var format = new ImageFormat(3, 32, 32, new Preprocessing([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]));
        _test = NpzFile.Read(Path.Combine(folder, "cifar10-test.npz"), format, cancellationToken);
        var input = new ModelInput("input", DataType.Uint8, [null, 3, 32, 32]);
        var options = new CalibrationOptions(Path.Combine(folder, "cifar10-calibration.npz"));
        var pixels = CalibrationSet.Load(options, [input], int.MaxValue, cancellationToken).GetBatch(0)[0].Data;
        _calibration = new LabeledSamples(pixels, new long[pixels.Length / format.Size], format);
    }

    /// <inheritdoc/>
    public override SampleFormat Format => _test.Format;

    /// <inheritdoc/>
    public override int Classes => 10;

    /// <inheritdoc/>
    /// <remarks>There are no more images than the files hold.</remarks>
    public override LabeledSamples Draw(SamplePurpose purpose, long first, int count, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var images = purpose switch
        {
            SamplePurpose.Test => _test,
            SamplePurpose.Calibration => _calibration,
            _ => throw new NotSupportedException("there are no labelled images to train on"),
        };
        return images.Take([.. SampleOrder.Of(images.Count, _seed, purpose, 0).Skip((int)Math.Min(first, images.Count)).Take(count)]);
    }
}
