using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Efrap.Core;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.AttackLab.Data;

/// <summary>Samples in NumPy's <c>.npz</c> format: <c>input</c>, uint8 [N, …], and <c>labels</c>, int64 [N].</summary>
public static class NpzFile
{
    private const string Inputs = "input";
    private const string Labels = "labels";
    private const int HeaderAlignment = 64;

    // Zip cannot say "no time"; this is the earliest it can say.
    private static readonly DateTimeOffset _noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes samples, completely or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="withLabels">Whether their labels are written too.</param>
    /// <param name="cancellationToken">Observed until just before the file takes its name.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>.</exception>
    public static void Write(string path, LabeledSamples samples, bool withLabels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        AtomicFile.Write(path, stream => Write(stream, samples, withLabels), cancellationToken);
    }

    /// <summary>Reads labelled samples.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What the samples are.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="EfrapException">A code of the 11xx range: the file is missing, damaged, or of another shape.</exception>
    public static LabeledSamples Read(string path, SampleFormat format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(format);
        var values = Load(path, Inputs, DataType.Uint8, [null, .. format.Dimensions.Select(d => (long?)d)], cancellationToken);
        return Labeled(path, values.Data, format, cancellationToken);
    }

    /// <summary>Reads labelled images of whatever size they have.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">What turns them into a net's input.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <returns>The images.</returns>
    /// <exception cref="EfrapException">A code of the 11xx range: the file is missing, damaged, or holds no images.</exception>
    public static LabeledSamples ReadImages(string path, Preprocessing preprocessing, CancellationToken cancellationToken = default)
    {
        var values = Load(path, Inputs, DataType.Uint8, [null, null, null, null], cancellationToken);
        var format = new ImageFormat((int)values.Shape[1], (int)values.Shape[2], (int)values.Shape[3], preprocessing);
        return Labeled(path, values.Data, format, cancellationToken);
    }

    private static LabeledSamples Labeled(string path, byte[] values, SampleFormat format, CancellationToken cancellationToken)
    {
        var labels = MemoryMarshal.Cast<byte, long>(Load(path, Labels, DataType.Int64, [null], cancellationToken).Data).ToArray();
        if (labels.Length != values.Length / format.Size)
        {
            throw new EfrapException(
                EfrapCode.CalibrationMismatch,
                $"'{Inputs}' holds {values.Length / format.Size} samples and '{Labels}' {labels.Length} labels; there must be one each.",
                path);
        }

        return new LabeledSamples(values, labels, format);
    }

    private static CalibrationTensor Load(
        string path, string name, DataType type, IReadOnlyList<long?> shape, CancellationToken cancellationToken) =>
        CalibrationSet.Load(new CalibrationOptions(path), [new ModelInput(name, type, shape)], int.MaxValue, cancellationToken).GetBatch(0)[0];

    private static void Write(Stream stream, LabeledSamples samples, bool withLabels)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        WriteArray(archive, Inputs, "|u1", [samples.Count, .. samples.Format.Dimensions], samples.Values);
        if (!withLabels)
            return;
        var labels = new byte[samples.Count * sizeof(long)];
        for (var i = 0; i < samples.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(labels.AsSpan(i * sizeof(long)), samples.Labels[i]);
        WriteArray(archive, Labels, "<i8", [samples.Count], labels);
    }

    private static void WriteArray(ZipArchive archive, string name, string type, int[] shape, byte[] values)
    {
        var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.SmallestSize);
        entry.LastWriteTime = _noTime;
        using var stream = entry.Open();
        stream.Write(Header(type, shape));
        stream.Write(values);
    }

    // Version 1.0 of the format: magic, version, length, and a Python literal padded so that the values begin aligned.
    private static byte[] Header(string type, int[] shape)
    {
        var sizes = string.Join(", ", shape) + (shape.Length == 1 ? "," : string.Empty);
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}";
        const int Prefix = 10;
        var total = (Prefix + text.Length + HeaderAlignment) / HeaderAlignment * HeaderAlignment;
        var header = new byte[total];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        (header[6], header[7], header[^1]) = (1, 0, (byte)'\n');
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - Prefix));
        Encoding.ASCII.GetBytes(text, header.AsSpan(Prefix));
        return header;
    }
}
