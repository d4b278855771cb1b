using System.Runtime.InteropServices;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>What .NET Standard does not know of paths.</summary>
internal static class FilePaths
{
    private static readonly char[] _separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
    private static readonly bool _isSensitive = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    /// <summary>Compares paths as the file system of this operating system does as a rule.</summary>
    public static StringComparer Comparer { get; } = _isSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The same for parts of paths.</summary>
    public static StringComparison Comparison { get; } = _isSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The way from a folder to a file.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <param name="file">The file's full path.</param>
    /// <returns>A relative path; the file's own where it lies on another drive.</returns>
    public static string Relative(string folder, string file)
    {
        string[] from = Path.GetFullPath(folder).Split(_separators, StringSplitOptions.RemoveEmptyEntries);
        string[] to = file.Split(_separators, StringSplitOptions.RemoveEmptyEntries);
        if (Path.GetPathRoot(Path.GetFullPath(folder)) is { } root && !Comparer.Equals(root, Path.GetPathRoot(file)))
            return file;
        int shared = from.Zip(to, Comparer.Equals).TakeWhile(same => same).Count();
        return string.Join("/", Enumerable.Repeat("..", from.Length - shared).Concat(to.Skip(shared)));
    }
}
