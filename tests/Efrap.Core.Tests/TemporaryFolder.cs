namespace Efrap.Core.Tests;

/// <summary>A folder of a test's own, removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where it lies.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("efrap-test-").FullName;

    /// <summary>The path of a file in it.</summary>
    /// <param name="name">The file's name, with forward slashes.</param>
    /// <returns>The path; the file need not exist.</returns>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file in it.</summary>
    /// <param name="name">The file's name, with forward slashes; folders are created.</param>
    /// <param name="content">Its content.</param>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] content)
    {
        var path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Everything in it, hidden files included, as sorted paths below it.</summary>
    /// <returns>The paths.</returns>
    public string[] Content() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(p => System.IO.Path.GetRelativePath(Path, p)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
