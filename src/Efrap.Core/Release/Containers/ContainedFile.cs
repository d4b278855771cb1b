namespace Efrap.Core.Release.Containers;

/// <summary>A file in a folder, in an archive or in an assembly.</summary>
/// <param name="Path">Its path below its container, with forward slashes; of a resource, its name.</param>
/// <param name="Length">Its bytes once expanded, as its container says.</param>
/// <param name="Open">Opens it at its beginning. Reading more, or less, than <paramref name="Length"/> ends in an
/// <see cref="InvalidDataException"/>.</param>
internal sealed record ContainedFile(string Path, long Length, Func<Stream> Open)
{
    /// <summary>Opens it so that its reader can seek; null where that takes a copy.</summary>
    internal Func<Stream>? OpenSeekable { get; init; }

    /// <summary>Opens it, or a copy of it, so that its reader can seek.</summary>
    /// <param name="cancellationToken">Observed between pieces of a copy.</param>
    /// <exception cref="InvalidDataException">Its container is damaged, or a copy would be too large.</exception>
    internal Stream Seekable(CancellationToken cancellationToken)
    {
        if (OpenSeekable is { } open)
            return open();
        using var stream = Open();
        return SeekableCopy.Of(stream, Length, cancellationToken);
    }

    /// <summary>Why it is not opened, as the end of a sentence; null where it is.</summary>
    internal string? Fault { get; private init; }

    /// <summary>Whether it holds bytes that someone can read and nobody can check.</summary>
    internal bool IsHidden { get; private init; }

    /// <summary>A file that is not opened.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="fault">Why.</param>
    /// <param name="isHidden">Whether it holds bytes that someone can read and nobody can check.</param>
    internal static ContainedFile Closed(string path, string fault, bool isHidden = false) =>
        new(path, 0, () => throw new InvalidDataException(fault)) { Fault = fault, IsHidden = isHidden };
}
