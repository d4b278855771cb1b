using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Calibration;

/// <summary>Calibration samples of one uint8 array in an <c>.npz</c> file, as a float input takes them.</summary>
public sealed class CalibrationSet
{
    private readonly byte[] values;
    private readonly long[] shape;
    private readonly CalibrationOptions options;
    private readonly ModelInput input;

    private CalibrationSet(byte[] values, long[] shape, CalibrationOptions options, ModelInput input, string sha256)
    {
        (this.values, this.shape, this.options, this.input, Sha256) = (values, shape, options, input, sha256);
        SampleCount = (int)Math.Min(shape[0], options.Samples ?? int.MaxValue);
    }

    /// <summary>The number of samples.</summary>
    public int SampleCount { get; }

    /// <summary>The number of samples in a batch.</summary>
    public int BatchSize { get; } = 32;

    /// <summary>The number of batches.</summary>
    public int BatchCount => (SampleCount + BatchSize - 1) / BatchSize;

    /// <summary>SHA-256 of the file.</summary>
    public string Sha256 { get; }

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Notes { get; } = [];

    /// <summary>Loads samples.</summary>
    /// <param name="options">Where from.</param>
    /// <param name="inputs">What the model asks for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The set.</returns>
    public static CalibrationSet Load(CalibrationOptions options, IReadOnlyList<ModelInput> inputs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = File.ReadAllBytes(options.Path);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        using var stream = zip.GetEntry("input.npy")!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var npy = memory.ToArray();
        var headerLength = BitConverter.ToUInt16(npy, 8);
        var header = System.Text.Encoding.ASCII.GetString(npy, 10, headerLength);
        var dims = header[(header.IndexOf('(', StringComparison.Ordinal) + 1)..header.IndexOf(')', StringComparison.Ordinal)];
        var shape = dims.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray();
        return new CalibrationSet(npy[(10 + headerLength)..], shape, options, inputs[0], Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>One batch.</summary>
    /// <param name="index">Which.</param>
    /// <returns>Its tensors.</returns>
    public IReadOnlyList<CalibrationTensor> GetBatch(int index)
    {
        var first = index * BatchSize;
        var n = Math.Min(BatchSize, SampleCount - first);
        var size = values.Length / (int)shape[0];
        var plane = size / (int)shape[1];
        var result = new float[n * size];
        for (var i = 0; i < result.Length; i++)
        {
            var channel = i / plane % (int)shape[1];
            var x = values[(first * size) + i] * (options.Scale ?? 1);
            x -= options.Mean?[channel % options.Mean.Count] ?? 0;
            result[i] = (float)(x / (options.Std?[channel % options.Std.Count] ?? 1));
        }

        return [new CalibrationTensor(input.Name, TensorProto.Types.DataType.Float, [n, .. shape[1..]], MemoryMarshal.AsBytes(result.AsSpan()).ToArray())];
    }
}
