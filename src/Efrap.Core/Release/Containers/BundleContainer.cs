using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Efrap.Core.Onnx;

namespace Efrap.Core.Release.Containers;

/// <summary>
/// A single-file app of .NET: a program for Linux, macOS or Windows with the app's files behind it, as <c>PublishSingleFile</c>
/// makes it. In the form of .NET 6 and later.
/// </summary>
internal sealed class BundleContainer : IContainer
{
    // The program holds this marker once, and before it where the list of files begins: 0 while there are none.
    private static readonly byte[] _marker = SHA256.HashData(".net core bundle\n"u8);

    private const int PieceBytes = 1 << 20;
    private const int LargestPath = 4096;
    private const uint Version = 6;

    private readonly Stream _stream;

    private BundleContainer(Stream stream, IReadOnlyList<ContainedFile> files) => (_stream, Files) = (stream, files);

    public string Kind => "single-file app";

    public IReadOnlyList<ContainedFile> Files { get; }

    /// <summary>Opens a single-file app.</summary>
    /// <param name="stream">The program, seekable; the container takes it over.</param>
    /// <param name="budget">What it may expand to.</param>
    /// <returns>Its files; null, with the stream still open, where the program is none.</returns>
    /// <exception cref="InvalidDataException">It is one, and is damaged.</exception>
    internal static BundleContainer? TryOpen(Stream stream, ExpansionBudget budget)
    {
        if (Header(stream) is not { } position)
            return null;
        try
        {
            stream.Position = position;
            using var reader = new BinaryReader(new BufferedStream(new StreamPart(stream, position, stream.Length - position)), Encoding.UTF8);
            var files = Read(reader, stream, budget).OrderBy(f => f.Path, StringComparer.Ordinal).ToArray();
            var twice = files.CountBy(f => f.Path).FirstOrDefault(f => f.Value > 1).Key;
            return twice is null
                ? new BundleContainer(stream, files)
                : throw new InvalidDataException($"it holds '{DisplayName.Of(twice)}' twice");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("it is a damaged single-file app: " + e.Message.TrimEnd('.'), e);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static long? Header(Stream stream)
    {
        // What could be the beginning of a position and its marker stays in the buffer for the next piece.
        var kept = sizeof(long) + _marker.Length - 1;
        var piece = (int)Math.Min(PieceBytes, stream.Length);
        var buffer = new byte[piece + kept];
        stream.Position = 0;
        for (var filled = 0; ;)
        {
            var read = stream.ReadAtLeast(buffer.AsSpan(filled, piece), piece, throwOnEndOfStream: false);
            filled += read;
            if (Position(buffer.AsSpan(0, filled), stream.Length) is { } position)
                return position;
            if (read < piece || stream.Position >= stream.Length)
                return null;
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
            filled = kept;
        }
    }

    private static long? Position(ReadOnlySpan<byte> bytes, long length)
    {
        while (bytes.IndexOf(_marker) is >= 0 and var marker)
        {
            if (marker >= sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(bytes[(marker - sizeof(long))..]) is > 0 and var position && position < length)
                return position;
            bytes = bytes[(marker + 1)..];
        }

        return null;
    }

    private static IEnumerable<ContainedFile> Read(BinaryReader reader, Stream stream, ExpansionBudget budget)
    {
        var version = reader.ReadUInt32();
        if (version != Version)
            throw new InvalidDataException($"it is a single-file app of version {version}, of which only {Version} (.NET 6 and later) is read");
        reader.ReadUInt32();
        var count = reader.ReadInt32();
        if (count is < 0 or > ExpansionBudget.MaximumFiles)
            throw new InvalidDataException($"it says that it holds {count} files");
        Text(reader);
        // Where the two configuration files of the runtime lie, which are in the list below as well, and flags.
        for (var i = 0; i < 5; i++)
            reader.ReadInt64();
        for (var i = 0; i < count; i++)
            yield return File(reader, stream, budget);
    }

    private static ContainedFile File(BinaryReader reader, Stream stream, ExpansionBudget budget)
    {
        var offset = reader.ReadInt64();
        var length = reader.ReadInt64();
        var compressed = reader.ReadInt64();
        reader.ReadByte();
        var path = EntryName.ToPath(Text(reader));
        var stored = compressed == 0 ? length : compressed;
        if (offset < 0 || stored < 0 || length < 0 || offset > stream.Length || stored > stream.Length - offset)
            throw new InvalidDataException($"'{DisplayName.Of(path)}' lies outside of it");
        budget.Take(length, stored);
        return new ContainedFile(path, length, () => Open(stream, offset, stored, length, compressed != 0));
    }

    private static MeasuredStream Open(Stream stream, long offset, long stored, long length, bool isCompressed)
    {
        var part = new StreamPart(stream, offset, stored);
        return new MeasuredStream(isCompressed ? new DeflateStream(part, CompressionMode.Decompress) : part, length);
    }

    private static string Text(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        if (length is < 0 or > LargestPath)
            throw new InvalidDataException($"it holds a name of {length} bytes");
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException("a name is cut short");
    }
}
