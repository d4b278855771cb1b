using Efrap.Core.Release.Containers;

namespace Efrap.Core.Release;

/// <summary>What the user asks to verify.</summary>
/// <param name="Path">Its path, as the user wrote it.</param>
/// <param name="Container">What it holds.</param>
internal sealed record Argument(string Path, IContainer Container) : IDisposable
{
    private static readonly string[] _extensions = [".zip", ".nupkg", ".snupkg", ".dll", ".exe"];

    /// <summary>Its name, without its folder.</summary>
    internal string Name => NameOf(Path);

    /// <summary>Where one of its files lies.</summary>
    /// <param name="path">The file's path in the container.</param>
    internal ReleasePlace PlaceOf(string path) =>
        Container is AssemblyContainer ? new ReleasePlace(null, Name, path) : new ReleasePlace(null, path);

    /// <summary>How messages call something in it.</summary>
    /// <param name="place">The place.</param>
    internal string Shown(ReleasePlace place) => Container switch
    {
        FolderContainer => System.IO.Path.Combine(Path, place.ToString()),
        AssemblyContainer => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? string.Empty, place.ToString()),
        _ => $"{Path}!{place}",
    };

    /// <summary>Whether a path is a release, and not a model.</summary>
    /// <param name="path">The path.</param>
    internal static bool IsRelease(string path)
    {
        var extension = System.IO.Path.GetExtension(path);
        if (Directory.Exists(path) || _extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
            return true;
        if (extension.Equals(".onnx", StringComparison.OrdinalIgnoreCase))
            return false;
        try
        {
            using var stream = RegularFile.OpenRead(path);
            return KindOf(stream) is ContentKind.Archive or ContentKind.Program;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Whoever reads it as a model says what is wrong.
            return false;
        }
    }

    /// <summary>Opens it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="budget">What it may expand to.</param>
    /// <param name="cancellationToken">Observed between folders.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ArchiveRejected"/>: it is neither folder, archive, assembly nor single-file app.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or unsafe.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static Argument Open(string path, ExpansionBudget budget, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return new Argument(path, new FolderContainer(path, cancellationToken));
        var stream = OpenFile(path);
        return ContainerReader.Open(stream, ContainerReader.KindOf(KindOf(stream), path), path, budget) is { } container
            ? new Argument(path, container)
            : throw new EfrapException(
                EfrapCode.ArchiveRejected,
                "this is neither a zip archive, a NuGet package, a .NET assembly nor a single-file app; give one of these, a folder, or a model.",
                path);
    }

    /// <summary>Turns everything that a bad argument can cause into one line.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="path">The argument.</param>
    /// <param name="work">What is done with it.</param>
    internal static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new EfrapException(EfrapCode.ArchiveRejected, $"cannot be looked into: {e.Message.TrimEnd('.')}.", path, e);
        }
    }

    public void Dispose() => Container.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return RegularFile.OpenRead(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static string NameOf(string path) => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));

    private static ContentKind KindOf(FileStream stream)
    {
        var beginning = new byte[8];
        var kind = FileContent.ByBeginning(beginning.AsSpan(0, stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)));
        stream.Position = 0;
        return kind;
    }
}
