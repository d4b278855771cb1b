using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Core.Onnx;

/// <summary>Reads model files. A model is hostile input: everything that reads one goes through here.</summary>
public static class OnnxModelReader
{
    /// <summary>The largest message that protobuf can hold, and so the largest model read: 2 GiB less one byte.</summary>
    public const long MaximumBytes = int.MaxValue;

    /// <summary>Reads a model and the external data it refers to.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <returns>The model with all values inline.</returns>
    /// <exception cref="EfrapException">A code of the 1xxx range: the file is missing, damaged, too large, or unsafe.</exception>
    public static OnnxModel Read(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelProto proto;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            proto = ModelProto.Parser.ParseFrom(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EfrapException(EfrapCode.ModelNotFound, "the model file does not exist; check the path.", path, e);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new EfrapException(EfrapCode.ModelUnreadable, $"this is not a whole ONNX model: {e.Message}", path, e);
        }

        return new OnnxModel(proto, path);
    }
}
