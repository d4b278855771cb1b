namespace Efrap.Core.Release.Containers;

/// <summary>Opens the containers that begin as a file does.</summary>
internal static class ContainerReader
{
    /// <summary>Opens an archive, an assembly or a single-file app.</summary>
    /// <param name="stream">The file, seekable; taken over, and closed where there is no container.</param>
    /// <param name="kind">What its beginning says that it is.</param>
    /// <param name="path">Its path, whose end says whether an archive is a NuGet package.</param>
    /// <param name="budget">What it may expand to.</param>
    /// <returns>The container; null where it is none: a native library, for example.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or unsafe.</exception>
    internal static IContainer? Open(Stream stream, ContentKind kind, string path, ExpansionBudget budget)
    {
        IContainer? container = null;
        try
        {
            return container = kind switch
            {
                ContentKind.Archive => new ZipContainer(stream, IsPackage(path), budget),
                ContentKind.Program => AssemblyContainer.TryOpen(stream) ?? (IContainer?)BundleContainer.TryOpen(stream, budget),
                _ => null,
            };
        }
        finally
        {
            if (container is null)
                stream.Dispose();
        }
    }

    /// <summary>
    /// What a file is opened as. Whoever unpacks archives goes by their names, and finds them behind other bytes, too.
    /// </summary>
    /// <param name="kind">What its beginning says that it is.</param>
    /// <param name="path">Its path.</param>
    internal static ContentKind KindOf(ContentKind kind, string path) => IsArchive(path) ? ContentKind.Archive : kind;

    /// <summary>Whether a file's name says that it is an archive.</summary>
    /// <param name="path">Its path.</param>
    internal static bool IsArchive(string path) => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || IsPackage(path);

    private static bool IsPackage(string path) =>
        path.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".snupkg", StringComparison.OrdinalIgnoreCase);
}
