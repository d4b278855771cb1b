namespace Efrap.Core.Release.Containers;

/// <summary>A folder with everything below it. Links are followed only to files that are below it as well.</summary>
internal sealed class FolderContainer : IContainer
{
    private readonly List<(string Path, string File)> _files = [];
    private readonly List<(string Path, string File)> _links = [];
    private readonly List<ContainedFile> _closed = [];

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder; where it is a link itself, what it points to.</param>
    /// <param name="cancellationToken">Observed between folders.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    internal FolderContainer(string folder, CancellationToken cancellationToken)
    {
        List(new DirectoryInfo(folder), cancellationToken);
        Files = [.. _files.Select(f => Of(f.Path, f.File)).Concat(Targets()).Concat(_closed).OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    public string Kind => "folder";

    public IReadOnlyList<ContainedFile> Files { get; }

    public void Dispose()
    {
    }

    private void List(DirectoryInfo root, CancellationToken cancellationToken)
    {
        var everything = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        var left = new Stack<(string Path, DirectoryInfo Folder)>([(string.Empty, root)]);
        while (left.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var entry in next.Folder.EnumerateFileSystemInfos("*", everything))
            {
                var path = next.Path + entry.Name;
                switch (FileStatus.Of(entry.FullName, followLinks: false).Kind)
                {
                    case FileKind.Directory:
                        left.Push((path + "/", new DirectoryInfo(entry.FullName)));
                        break;
                    case FileKind.Regular:
                        _files.Add((path, entry.FullName));
                        break;
                    case FileKind.SymbolicLink:
                        _links.Add((path, entry.FullName));
                        break;
                    default:
                        _closed.Add(ContainedFile.Closed(path, "is a pipe, a socket or a device, not a file"));
                        break;
                }
            }
        }
    }

    // Paths say little of where a link ends, whose folders may be links themselves; the file's own number says it.
    private IEnumerable<ContainedFile> Targets()
    {
        if (_links.Count == 0)
            yield break;
        var inside = _files.ToLookup(f => Identity(f.File), f => f.File);
        foreach (var (path, link) in _links)
        {
            var target = TargetOf(link);
            yield return target.Kind == FileKind.Regular && inside[(target.Device, target.Index)].FirstOrDefault() is { } file
                ? Of(path, file)
                : ContainedFile.Closed(path, target.Kind == FileKind.Directory
                    ? "is a link to a folder, which is not followed"
                    : "is a link that leaves the folder, or leads nowhere");
        }
    }

    private static FileStatus TargetOf(string link)
    {
        try
        {
            return FileStatus.Of(link, followLinks: true);
        }
        catch (IOException)
        {
            // Links in a circle, or through a folder that is closed to us: as good as nowhere.
            return default;
        }
    }

    private static (ulong Device, ulong Index) Identity(string file)
    {
        var status = FileStatus.Of(file, followLinks: false);
        return (status.Device, status.Index);
    }

    private static ContainedFile Of(string path, string file)
    {
        var length = new FileInfo(file).Length;
        return new ContainedFile(path, length, () => new MeasuredStream(RegularFile.OpenRead(file), length))
        {
            OpenSeekable = () => RegularFile.OpenRead(file),
        };
    }
}
