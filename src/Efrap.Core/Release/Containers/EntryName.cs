using Efrap.Core.Onnx;

namespace Efrap.Core.Release.Containers;

/// <summary>
/// Names of files in archives. Nothing is ever written under them, but what unpacks the archive later will: a name that could
/// leave the folder, or that systems read differently, makes the whole archive unfit to be judged.
/// </summary>
internal static class EntryName
{
    private const int LongestName = 4096;

    /// <summary>Reduces a name to a path.</summary>
    /// <param name="name">The name in the archive.</param>
    /// <returns>The path with forward slashes, without empty parts and <c>.</c>; empty for the archive's root.</returns>
    /// <exception cref="InvalidDataException">The name is unsafe.</exception>
    internal static string ToPath(string name)
    {
        var fault = name.Length > LongestName ? $"has more than {LongestName} characters"
            : name.StartsWith('/') ? "is an absolute path"
            : name.Contains('\\') ? "contains a backslash, which some systems take for a separator"
            : name.Contains(':') ? "contains a colon, as drives and streams of Windows do"
            : name.Any(char.IsControl) ? "contains a control character"
            : name.Split('/').Contains("..") ? "leaves its folder"
            : null;
        return fault is null
            ? string.Join('/', name.Split('/').Where(part => part is not ("" or ".")))
            : throw new InvalidDataException($"the name '{DisplayName.Of(name)}' {fault}");
    }
}
