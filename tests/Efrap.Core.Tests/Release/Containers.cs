using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace Efrap.Core.Tests.Release;

/// <summary>Makes archives, assemblies and single-file apps.</summary>
internal static class Containers
{
    /// <summary>A zip archive.</summary>
    /// <param name="files">Its files; a name may be anything.</param>
    public static byte[] Zip(params (string Name, byte[] Bytes)[] files) => Zip(CompressionLevel.Optimal, files);

    /// <summary>A zip archive.</summary>
    /// <param name="level">How it is compressed.</param>
    /// <param name="files">Its files; a name may be anything.</param>
    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A .NET assembly without code.</summary>
    /// <param name="resources">Its resources.</param>
    public static byte[] Assembly(params (string Name, byte[] Bytes)[] resources)
    {
        var data = new BlobBuilder();
        var placed = new List<(string Name, uint Offset)>();
        foreach (var (name, bytes) in resources)
        {
            placed.Add((name, (uint)data.Count));
            data.WriteInt32(bytes.Length);
            data.WriteBytes(bytes);
            data.Align(8);
        }

        return Assembly(data, placed);
    }

    /// <summary>A .NET assembly without code, whose resources need not be where it says.</summary>
    /// <param name="data">The bytes of its resources, each behind its length.</param>
    /// <param name="resources">Their names, and where they are said to begin.</param>
    public static byte[] Assembly(BlobBuilder data, IEnumerable<(string Name, uint Offset)> resources)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("App.dll"), metadata.GetOrAddGuid(new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11])), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("App"), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(
            default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        foreach (var (name, offset) in resources)
            metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(name), default, offset);
        var image = new BlobBuilder();
        new ManagedPEBuilder(
            PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), ilStream: new BlobBuilder(), managedResources: data,
            deterministicIdProvider: _ => new BlobContentId(new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]), 1)).Serialize(image);
        return image.ToArray();
    }

    /// <summary>A single-file app: something that begins like a program, its files, and the list of them.</summary>
    /// <param name="isCompressed">Whether its files are.</param>
    /// <param name="files">Its files.</param>
    public static byte[] App(bool isCompressed, params (string Path, byte[] Bytes)[] files) => App(isCompressed, [], files);

    /// <summary>A single-file app: something that begins like a program, its files, and the list of them.</summary>
    /// <param name="isCompressed">Whether its files are.</param>
    /// <param name="program">What the program has before the position of that list.</param>
    /// <param name="files">Its files.</param>
    public static byte[] App(bool isCompressed, byte[] program, params (string Path, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write("\u007FELF program "u8);
        writer.Write(program);
        var marker = stream.Position;
        writer.Write(0L);
        writer.Write(SHA256.HashData(".net core bundle\n"u8));
        var entries = new List<(long Offset, long Length, long Compressed, string Path)>();
        foreach (var (path, bytes) in files)
        {
            var stored = isCompressed ? Deflated(bytes) : bytes;
            entries.Add((stream.Position, bytes.Length, isCompressed ? stored.Length : 0, path));
            writer.Write(stored);
        }

        var header = stream.Position;
        writer.Write(6u);
        writer.Write(0u);
        writer.Write(files.Length);
        writer.Write("identifier");
        for (var i = 0; i < 5; i++)
            writer.Write(0L);
        foreach (var (offset, length, compressed, path) in entries)
        {
            writer.Write(offset);
            writer.Write(length);
            writer.Write(compressed);
            writer.Write((byte)1);
            writer.Write(path);
        }

        writer.Flush();
        var app = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(app.AsSpan((int)marker), header);
        return app;
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionMode.Compress))
            deflate.Write(bytes);
        return stream.ToArray();
    }
}
