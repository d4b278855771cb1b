using System.IO.Compression;
using Efrap.Core.Onnx;

namespace Efrap.Core.Release.Containers;

/// <summary>A zip archive, or a NuGet package, which is one. Its files are read as streams; nothing is unpacked to the disk.</summary>
internal sealed class ZipContainer : IContainer
{
    // Of 100,000 files with names of 280 characters; reading the directory is not to take more memory than that needs.
    private const long LargestDirectory = 32 << 20;

    private readonly ZipArchive _archive;

    /// <summary>Opens an archive.</summary>
    /// <param name="stream">The archive, seekable; this object takes it over.</param>
    /// <param name="isPackage">Whether it is a NuGet package, whose names are written as in addresses: <c>%20</c> is a space.</param>
    /// <param name="budget">What it may expand to.</param>
    /// <exception cref="InvalidDataException">It is damaged, or unsafe.</exception>
    internal ZipContainer(Stream stream, bool isPackage, ExpansionBudget budget)
    {
        Kind = isPackage ? "package" : "archive";
        var length = stream.Length;
        var allowance = new ReadAllowance(stream, LargestDirectory);
        try
        {
            _archive = new ZipArchive(allowance, ZipArchiveMode.Read);
            Files = Read(isPackage, length, budget);
            allowance.Lift();
        }
        catch (Exception e) when (Damage(e))
        {
            stream.Dispose();
            throw Refused(e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public string Kind { get; }

    public IReadOnlyList<ContainedFile> Files { get; }

    public void Dispose() => _archive.Dispose();

    private ContainedFile[] Read(bool isPackage, long length, ExpansionBudget budget)
    {
        if (_archive.Entries.Count > ExpansionBudget.MaximumFiles)
            throw new InvalidDataException($"it holds more than {ExpansionBudget.MaximumFiles} files");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var files = new List<ContainedFile>();
        var packed = 0L;
        foreach (var entry in _archive.Entries)
        {
            budget.Take(entry.Length, entry.CompressedLength);
            packed += entry.CompressedLength;
            var path = EntryName.ToPath(entry.FullName);
            if (isPackage)
                path = EntryName.ToPath(Uri.UnescapeDataString(path));
            var isFolder = entry.FullName.EndsWith('/');
            if (isFolder ? entry.Length > 0 : path.Length == 0)
                throw new InvalidDataException($"'{DisplayName.Of(entry.FullName)}' is a folder with bytes, or a file without a name");
            if (isFolder)
                continue;
            if (!names.Add(path))
                throw new InvalidDataException($"it holds '{DisplayName.Of(path)}' twice, and readers differ in which they take");
            files.Add(Of(entry, path));
        }

        // Entries that share their bytes are how a small archive expands to more than any ratio allows.
        if (packed > length)
            throw new InvalidDataException($"its files overlap: they have {packed} bytes in an archive of {length}");
        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    private static ContainedFile Of(ZipArchiveEntry entry, string path)
    {
        const int kindOfFile = 0xF000;
        const int symbolicLink = 0xA000;
        const int regular = 0x8000;
        var kind = (entry.ExternalAttributes >> 16) & kindOfFile;
        return kind == symbolicLink ? ContainedFile.Closed(path, "is a symbolic link, which is not followed")
            : kind is not (0 or regular) ? ContainedFile.Closed(path, "is a pipe or a device, not a file")
            : entry.IsEncrypted ? ContainedFile.Closed(path, "is encrypted", isHidden: true)
            : new ContainedFile(path, entry.Length, () => Open(entry));
    }

    private static MeasuredStream Open(ZipArchiveEntry entry)
    {
        try
        {
            var bytes = new Crc32Stream(entry.Open());
            return new MeasuredStream(bytes, entry.Length, () =>
            {
                if (bytes.Checksum != entry.Crc32)
                    throw new InvalidDataException($"the checksum of '{DisplayName.Of(entry.FullName)}' is wrong");
            });
        }
        catch (Exception e) when (Damage(e))
        {
            throw Refused(e);
        }
    }

    // What the library throws at archives whose numbers contradict each other.
    private static bool Damage(Exception e) =>
        e is IOException or ArgumentException or OverflowException or NotSupportedException;

    private static InvalidDataException Refused(Exception e) => new("it is damaged: " + e.Message.TrimEnd('.'), e);
}
