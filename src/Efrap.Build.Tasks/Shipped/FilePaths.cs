using System.Runtime.InteropServices;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>When two paths are those of one file.</summary>
internal static class FilePaths
{
    private static readonly bool _isSensitive = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    /// <summary>Compares paths as the file system of this operating system does as a rule.</summary>
    public static StringComparer Comparer { get; } = _isSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The same for parts of paths.</summary>
    public static StringComparison Comparison { get; } = _isSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
}
