using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Efrap.Core.Onnx;

namespace Efrap.Core.Release.Containers;

/// <summary>The resources of a .NET assembly. It is read as a file and never loaded.</summary>
internal sealed class AssemblyContainer : IContainer
{
    private readonly Stream _stream;

    private AssemblyContainer(Stream stream, IReadOnlyList<ContainedFile> files) => (_stream, Files) = (stream, files);

    public string Kind => "assembly";

    public IReadOnlyList<ContainedFile> Files { get; }

    /// <summary>Opens an assembly.</summary>
    /// <param name="stream">The file, seekable; the container takes it over.</param>
    /// <returns>Its resources; null, with the stream still open, where the file is no .NET assembly. None has more than 2 GiB.</returns>
    /// <exception cref="InvalidDataException">It says that it is one, and is damaged.</exception>
    internal static AssemblyContainer? TryOpen(Stream stream)
    {
        if (stream.Length > int.MaxValue)
            return null;
        try
        {
            using var reader = new PEReader(stream, PEStreamOptions.LeaveOpen);
            if (Headers(reader) is not { } headers || !reader.HasMetadata)
                return null;
            var resources = reader.GetMetadataReader();
            return new AssemblyContainer(stream, [.. Read(stream, headers, resources).OrderBy(f => f.Path, StringComparer.Ordinal)]);
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException or OverflowException or IOException or InvalidOperationException)
        {
            throw new InvalidDataException("it is a damaged assembly: " + e.Message.TrimEnd('.'), e);
        }
    }

    public void Dispose() => _stream.Dispose();

    // Native libraries of all kinds, and files of other kinds that happen to begin with MZ, are nobody's fault.
    private static PEHeaders? Headers(PEReader reader)
    {
        try
        {
            return reader.PEHeaders;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<ContainedFile> Read(Stream stream, PEHeaders headers, MetadataReader reader)
    {
        if (reader.ManifestResources.Count == 0)
            yield break;
        var directory = headers.CorHeader!.ResourcesDirectory;
        if (!headers.TryGetDirectoryOffset(directory, out var start))
            throw new InvalidDataException("its resources lie outside of its sections");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in reader.ManifestResources.Select(reader.GetManifestResource))
        {
            // One that lies in another file is found as that file.
            if (!resource.Implementation.IsNil)
                continue;
            var name = reader.GetString(resource.Name);
            if (!names.Add(name))
                throw new InvalidDataException($"it holds the resource '{DisplayName.Of(name)}' twice");
            yield return Of(stream, name, start, directory.Size, resource.Offset);
        }
    }

    // Four bytes of length stand before the bytes themselves.
    private static ContainedFile Of(Stream stream, string name, int start, int size, long offset)
    {
        const int lengthBytes = sizeof(int);
        var position = start + offset;
        if (offset < 0 || offset > size - lengthBytes || position > stream.Length - lengthBytes)
            throw new InvalidDataException($"the resource '{DisplayName.Of(name)}' lies outside of it");
        stream.Position = position;
        Span<byte> bytes = stackalloc byte[lengthBytes];
        stream.ReadExactly(bytes);
        var length = BitConverter.ToInt32(bytes);
        if (length < 0 || length > size - lengthBytes - offset || length > stream.Length - lengthBytes - position)
            throw new InvalidDataException($"the resource '{DisplayName.Of(name)}' says that it has {length} bytes, more than there are");
        return new ContainedFile(name, length, () => new MeasuredStream(new StreamPart(stream, position + lengthBytes, length), length));
    }
}
