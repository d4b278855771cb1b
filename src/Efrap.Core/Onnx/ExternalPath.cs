using System.Diagnostics.CodeAnalysis;

namespace Efrap.Core.Onnx;

/// <summary>
/// The rules for where external data may lie: a relative path with forward slashes that stays inside the model's folder, on
/// every operating system alike, with no link anywhere on the way.
/// </summary>
internal static class ExternalPath
{
    /// <summary>Reduces a location to the path below the model's folder, without touching the disk.</summary>
    /// <param name="location">What the model says.</param>
    /// <param name="path">The path, <c>.</c> and <c>..</c> resolved, with forward slashes.</param>
    /// <param name="fault">What is wrong with the location, as the end of a sentence.</param>
    /// <returns>Whether the location follows the rules.</returns>
    public static bool TryResolve(string location, out string path, [NotNullWhen(false)] out string? fault)
    {
        path = string.Empty;
        fault = Fault(location);
        if (fault is not null)
            return false;
        var parts = new Stack<string>();
        foreach (var part in location.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Push(part);
            else if (!parts.TryPop(out _))
                fault = "leaves the model's folder";
        }

        if (fault is null && parts.Count == 0)
            fault = "names no file";
        path = string.Join('/', parts.Reverse());
        return fault is null;
    }

    /// <summary>Opens the file.</summary>
    /// <param name="modelPath">The model file.</param>
    /// <param name="path">The path below its folder, from <see cref="TryResolve"/>.</param>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It is missing, a link, or not a regular file, or a folder on the way is.</exception>
    public static FileStream Open(string modelPath, string path)
    {
        var current = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        var parts = path.Split('/');
        foreach (var part in parts.SkipLast(1))
        {
            current = Path.Combine(current, part);
            if (FileStatus.Of(current, followLinks: false).Kind != FileKind.Directory)
                throw new IOException($"'{DisplayName.Of(part)}' is not a folder");
        }

        return RegularFile.OpenReadUnlinked(Path.Combine(current, parts[^1]));
    }

    // One set of rules everywhere: a model that one system accepts is not to be refused, or worse, by another.
    private static string? Fault(string location)
    {
        if (location.StartsWith('/'))
            return "is an absolute path";
        if (location.Contains('\\'))
            return "contains a backslash";
        if (location.Contains(':'))
            return "contains a colon, as drives and streams of Windows do";
        if (location.Any(char.IsControl))
            return "contains a control character";
        if (location.EndsWith('/'))
            return "names no file";
        // Windows drops these, so "..." and ".. " could become "..".
        return location.Split('/').Any(p => p is not ("." or "..") && (p.EndsWith('.') || p.EndsWith(' ')))
            ? "has a part that ends in a dot or a space"
            : null;
    }
}
