namespace Efrap.Core.Evidence;

/// <summary>How evidence names a model to a service that knows the repository, and nothing of this machine.</summary>
internal static class ModelUri
{
    /// <summary>The model's path below a folder, as a relative URI.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="root">The folder; null for the working directory.</param>
    /// <returns>Forward slashes, percent-encoded; of a model that lies elsewhere the file name.</returns>
    internal static string Of(string modelPath, string? root)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(root ?? Environment.CurrentDirectory), Path.GetFullPath(modelPath));
        var parts = relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        if (Path.IsPathRooted(relative) || parts.Contains(".."))
            parts = [Path.GetFileName(modelPath)];
        return string.Join('/', parts.Select(Uri.EscapeDataString));
    }
}
