using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Core.Onnx;

/// <summary>Reads model files. A model is hostile input: everything that reads one goes through here.</summary>
public static class OnnxModelReader
{
    /// <summary>The largest model read, external data included: what one array holds, 2 GiB less 57 bytes.</summary>
    public const long MaximumBytes = 0x7FFF_FFC7;

    /// <summary>Reads a model and the external data it refers to.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <returns>The model with all values inline.</returns>
    /// <exception cref="EfrapException">A code of the 1xxx range: the file is missing, damaged, too large, or unsafe.</exception>
    public static OnnxModel Read(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = ReadBytes(path);
        var proto = Parse(bytes, path);
        var tensors = ModelTensors.Of(proto);
        var externalFiles = ExternalData.Inline(tensors.Tensors, path, bytes.Length, cancellationToken);
        Validate(tensors, path);
        return new OnnxModel(proto, path) { Sha256 = Digest.Of(bytes), ExternalFiles = externalFiles };
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            if (stream.Length > MaximumBytes)
            {
                throw new EfrapException(
                    EfrapCode.ModelTooLarge, $"the file has {stream.Length} bytes, more than the 2 GiB that a model file can have.", path);
            }

            var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw NotOpened(path, e);
        }
    }

    /// <summary>What to say of a model file that cannot be opened or read.</summary>
    internal static EfrapException NotOpened(string path, Exception e) =>
        new(EfrapCode.ModelNotFound, $"cannot open the model: {e.Message.TrimEnd('.')}; check the path and its permissions.", path, e);

    private static ModelProto Parse(byte[] bytes, string path)
    {
        try
        {
            var proto = ModelProto.Parser.ParseFrom(bytes);
            return proto.Graph is null ? throw new InvalidDataException("it has no graph") : proto;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            // The parser's first sentence says what is wrong, the others guess at reasons.
            throw new EfrapException(
                EfrapCode.ModelUnreadable, $"this is not a whole ONNX model: {e.Message.Split('.')[0]}; {Advice(bytes)}.", path, e);
        }
    }

    private static string Advice(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("version https://git-lfs"u8) ? "it is a Git LFS pointer, fetch the file itself with 'git lfs pull'"
        : bytes.StartsWith("PK"u8) ? "it is a zip archive, unpack it or export the model to ONNX"
        : "export it again or fetch it again";

    private static void Validate(ModelTensors tensors, string path)
    {
        foreach (var placed in tensors.Tensors)
        {
            if (TensorValidation.Fault(placed) is { } fault)
                throw new EfrapException(EfrapCode.TensorInconsistent, $"{placed} {fault}; export the model again.", path);
        }

        foreach (var (sparse, node) in tensors.Sparse)
        {
            var what = sparse.Values is null ? "a sparse tensor" : $"the sparse form of {new PlacedTensor(sparse.Values, node)}";
            if (TensorValidation.Fault(sparse) is { } fault)
                throw new EfrapException(EfrapCode.TensorInconsistent, $"{what} {fault}; export the model again.", path);
            if (TensorValidation.DenseBytes(sparse) is null or > MaximumBytes)
            {
                throw new EfrapException(
                    EfrapCode.ModelTooLarge, $"{what} would take more than 2 GiB once unpacked; split or shrink the model.", path);
            }
        }
    }
}
