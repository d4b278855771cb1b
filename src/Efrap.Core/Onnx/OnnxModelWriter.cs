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
    /// <see cref="EfrapCode.ModelTooLarge"/> above protobuf's 2 GiB.</exception>
    public static void Write(ModelProto model, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        AtomicFile.Write(path, model.WriteTo, cancellationToken);
    }
}
