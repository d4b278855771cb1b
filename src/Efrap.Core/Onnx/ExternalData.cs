using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Onnx;

/// <summary>
/// Brings values that lie in other files into the model. Where they lie is the model's word, so it is held to the rules of
/// <see cref="ExternalPath"/>, and nothing is read before all of it has been added up.
/// </summary>
internal sealed class ExternalData
{
    // What a tensor's new field and the longer length prefixes around it may add to the message.
    private const int Overhead = 512;

    private static readonly string[] KnownKeys = ["location", "offset", "length", "checksum"];

    private readonly string _modelPath;

    private ExternalData(string modelPath) => _modelPath = modelPath;

    /// <summary>Inlines every tensor's external values; the references to them are removed.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="modelPath">The model file, as the user named it.</param>
    /// <param name="modelBytes">Its size.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <returns>The files, as they were read, by path.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ExternalDataRejected"/>, <see cref="EfrapCode.TensorInconsistent"/>
    /// or <see cref="EfrapCode.ModelTooLarge"/>.</exception>
    public static IReadOnlyList<FileDigest> Inline(
        IReadOnlyList<PlacedTensor> tensors, string modelPath, long modelBytes, CancellationToken cancellationToken)
    {
        var data = new ExternalData(modelPath);
        var references = new List<Reference>();
        foreach (var placed in tensors)
        {
            if (placed.Tensor.DataLocation == DataLocation.External)
                references.Add(data.Resolve(placed));
            else
                placed.Tensor.ExternalData.Clear();
        }

        data.CheckTotal(references, modelBytes);
        var files = new List<FileDigest>();
        foreach (var file in references.GroupBy(r => r.Path).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            files.Add(new FileDigest(file.Key, data.ReadFile(file.Key, [.. file])));
        }

        return files;
    }

    private Reference Resolve(PlacedTensor placed)
    {
        var tensor = placed.Tensor;
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.ExternalData)
        {
            if (!KnownKeys.Contains(entry.Key))
                throw Rejected(placed, $"has the unknown key '{DisplayName.Of(entry.Key)}'");
            if (!entries.TryAdd(entry.Key, entry.Value))
                throw Rejected(placed, $"has the key '{entry.Key}' twice");
        }

        if (!entries.TryGetValue("location", out var location))
            throw Rejected(placed, "has no location");
        if (!ExternalPath.TryResolve(location, out var path, out var fault))
            throw Rejected(placed, $"has the location '{DisplayName.Of(location)}', which {fault}");
        var offset = Number(placed, entries, "offset") ?? 0;
        var length = ByteCount(placed);
        if (Number(placed, entries, "length") is { } given && given != length)
            throw Inconsistent(placed, $"needs {length} bytes and has {given} in '{DisplayName.Of(location)}'");
        return new(placed, path, offset, length, entries.GetValueOrDefault("checksum"));
    }

    private long? Number(PlacedTensor placed, Dictionary<string, string> entries, string key)
    {
        if (!entries.TryGetValue(key, out var text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Rejected(placed, $"has the {key} '{DisplayName.Of(text)}', which is not a number from 0 to 2^63-1");
    }

    private long ByteCount(PlacedTensor placed)
    {
        var tensor = placed.Tensor;
        if (tensor.HasRawData || TensorValidation.HasTypedValues(tensor))
            throw Inconsistent(placed, "holds values and refers to others outside the file");
        if (TensorValues.ElementCount(tensor.Dims) is not { } count)
            throw Inconsistent(placed, $"has the impossible shape {TensorValidation.Shape(tensor.Dims)}");
        if (ElementType.Bits((DataType)tensor.DataType) == 0)
            throw Inconsistent(placed, "is of a type whose values cannot lie outside the file");
        return TensorValidation.RawBytes((DataType)tensor.DataType, count)
            ?? throw Inconsistent(placed, $"has the impossible shape {TensorValidation.Shape(tensor.Dims)}");
    }

    private void CheckTotal(List<Reference> references, long modelBytes)
    {
        var left = OnnxModelReader.MaximumBytes - modelBytes;
        foreach (var reference in references)
        {
            if (reference.Length > left - Overhead)
            {
                throw new EfrapException(
                    EfrapCode.ModelTooLarge,
                    "the model and its external data exceed 2 GiB, more than one model file can hold; split or shrink the model.",
                    _modelPath);
            }

            left -= reference.Length + Overhead;
        }
    }

    private string ReadFile(string path, IReadOnlyList<Reference> references)
    {
        try
        {
            using var stream = ExternalPath.Open(_modelPath, path);
            CheckSum(stream, references);
            foreach (var reference in references)
            {
                if (reference.Offset > stream.Length || reference.Length > stream.Length - reference.Offset)
                {
                    throw Rejected(
                        reference.Placed,
                        $"lies at bytes {reference.Offset} to {reference.Offset}+{reference.Length} of '{DisplayName.Of(path)}', " +
                        $"which has {stream.Length}");
                }

                var bytes = GC.AllocateUninitializedArray<byte>((int)reference.Length);
                stream.Position = reference.Offset;
                stream.ReadExactly(bytes);
                var tensor = reference.Placed.Tensor;
                tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
                tensor.ExternalData.Clear();
                tensor.ClearDataLocation();
            }

            stream.Position = 0;
            return Digest.Of(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Rejected(references[0].Placed, $"lies in '{DisplayName.Of(path)}', which cannot be used: {e.Message}", e);
        }
    }

    // The format defines the checksum as the SHA-1 of the whole file. It finds damage; it is no defence.
    private void CheckSum(FileStream stream, IReadOnlyList<Reference> references)
    {
        var withSum = references.Where(r => r.Checksum is not null).ToList();
        if (withSum.Count == 0)
            return;
#pragma warning disable CA5350 // The format leaves no choice of algorithm.
        var actual = Convert.ToHexString(SHA1.HashData(stream));
#pragma warning restore CA5350
        foreach (var reference in withSum)
        {
            if (!actual.Equals(reference.Checksum, StringComparison.OrdinalIgnoreCase))
            {
                throw Rejected(
                    reference.Placed,
                    $"has the checksum '{DisplayName.Of(reference.Checksum!)}' and its file the SHA-1 {actual.ToLowerInvariant()}");
            }
        }
    }

    private EfrapException Rejected(PlacedTensor placed, string what, Exception? cause = null) => new(
        EfrapCode.ExternalDataRejected,
        $"the external data of {placed} {what.TrimEnd('.')}; external data must be an unlinked file in the model's folder.",
        _modelPath,
        cause);

    private EfrapException Inconsistent(PlacedTensor placed, string what) =>
        new(EfrapCode.TensorInconsistent, $"{placed} {what}; export the model again.", _modelPath);

    private sealed record Reference(PlacedTensor Placed, string Path, long Offset, long Length, string? Checksum);
}
