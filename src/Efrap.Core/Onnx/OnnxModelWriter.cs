using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Core.Onnx;

/// <summary>Writes model files, atomically and with the same bytes for the same message.</summary>
public static class OnnxModelWriter
{
    /// <summary>Writes the model to a file, completely or not at all.</summary>
    /// <param name="model">The model, all values inline.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Observed until just before the file takes its name.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/> when the file cannot be written,
    /// <see cref="EfrapCode.ModelTooLarge"/> above protobuf's 2 GiB; nothing has been written then.</exception>
    public static void Write(ModelProto model, string path, CancellationToken cancellationToken = default) =>
        AtomicFile.WriteAll([Prepare(model, path)], cancellationToken);

    /// <summary>Checks the size and says how to write the model, for <see cref="AtomicFile.WriteAll"/>.</summary>
    internal static (string Path, Action<Stream> Write) Prepare(ModelProto model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (IsTooLarge(model))
        {
            throw new EfrapException(
                EfrapCode.ModelTooLarge,
                "the model exceeds 2 GiB, more than one model file can hold; choose a smaller precision or split the model.",
                path);
        }

        return (path, model.WriteTo);
    }

    // Protobuf counts in 32 bits and overflows. What is large lies in tensors, which are added up here; a total that passes
    // this sum and is still too large lies below 4 GiB, so protobuf's own count shows it as negative.
    private static bool IsTooLarge(ModelProto model)
    {
        var bytes = 0L;
        foreach (var (tensor, _) in ModelTensors.Of(model).Tensors)
        {
            bytes += tensor.RawData.Length + (4L * tensor.FloatData.Count) + (8L * tensor.DoubleData.Count) +
                tensor.Int32Data.Count + tensor.Int64Data.Count + tensor.Uint64Data.Count;
            foreach (var text in tensor.StringData)
                bytes += text.Length;
        }

        return bytes > OnnxModelReader.MaximumBytes || model.CalculateSize() is < 0 or > (int)OnnxModelReader.MaximumBytes;
    }
}
