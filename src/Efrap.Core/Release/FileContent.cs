using System.Security.Cryptography;
using System.Text;
using Efrap.Core.Release.Containers;

namespace Efrap.Core.Release;

/// <summary>What a file holds, told by its bytes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sha256">SHA-256 of all its bytes, lower-case hexadecimal; null where nobody asked and it is no model.</param>
internal readonly record struct FileContent(ContentKind Kind, string? Sha256)
{
    private const int PieceBytes = 1 << 17;

    /// <summary>Reads a file once, as far as needed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isWanted">Whether its digest is wanted whatever it is.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <exception cref="InvalidDataException">Its container is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static FileContent Read(ContainedFile file, bool isWanted, CancellationToken cancellationToken)
    {
        using var stream = file.Open();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var recognition = new ModelRecognition(file.Length);
        var kind = ContentKind.Other;
        var piece = new byte[(int)Math.Clamp(file.Length + 1, 1, PieceBytes)];
        for (var isFirst = true; ; isFirst = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            var bytes = piece.AsSpan(0, read);
            if (isFirst)
                kind = ByBeginning(bytes);
            recognition.Add(bytes);
            if (!isWanted && (kind != ContentKind.Other || recognition.IsRuledOut))
                return new FileContent(kind, null);
            digest.AppendData(bytes);
            if (read < piece.Length)
                break;
        }

        var isModel = recognition.IsModel;
        var sha256 = isWanted || isModel ? Convert.ToHexStringLower(digest.GetHashAndReset()) : null;
        return new FileContent(isModel ? ContentKind.Model : kind, sha256);
    }

    /// <summary>What a file is that begins with these bytes.</summary>
    /// <param name="bytes">At least its first eight bytes, if it has as many.</param>
    internal static ContentKind ByBeginning(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith("PK\u0005\u0006"u8))
            return ContentKind.Archive;
        if (bytes.StartsWith("MZ"u8) || bytes.StartsWith("\u007FELF"u8) || IsMachO(bytes))
            return ContentKind.Program;
        return bytes.Length < 8 ? ContentKind.Other : Encoding.ASCII.GetString(bytes[4..8]) switch
        {
            "ORTM" => ContentKind.OrtModel,
            "TFL3" => ContentKind.TensorFlowLiteModel,
            _ => ContentKind.Other,
        };
    }

    private static bool IsMachO(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 4 && bytes[0] is (0xCE or 0xCF) && bytes[1] == 0xFA && bytes[2] == 0xED && bytes[3] == 0xFE;
}

/// <summary>What a file is.</summary>
internal enum ContentKind
{
    /// <summary>Nothing of interest.</summary>
    Other,

    /// <summary>An ONNX model.</summary>
    Model,

    /// <summary>A model in ONNX Runtime's own format.</summary>
    OrtModel,

    /// <summary>A TensorFlow Lite model.</summary>
    TensorFlowLiteModel,

    /// <summary>A zip archive.</summary>
    Archive,

    /// <summary>A program or a library: of .NET, native, or a single-file app.</summary>
    Program,
}
