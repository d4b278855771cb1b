using System.Text.RegularExpressions;

namespace Efrap.Torch.Runtime;

/// <summary>Says in one line why libtorch does not run here, and what would help.</summary>
internal static partial class LoaderProblem
{
    private const string Systems = "the Torch tier runs on linux-x64 (glibc), win-x64 and osx-arm64";

    /// <summary>Whether there is a libtorch for a system at all.</summary>
    /// <param name="runtimeIdentifier">What the runtime calls the system, for example <c>linux-x64</c> or <c>alpine.3.22-x64</c>.</param>
    /// <returns>The reason why not, or null.</returns>
    internal static string? OfSystem(string runtimeIdentifier)
    {
        var isMusl = runtimeIdentifier.Contains("musl", StringComparison.Ordinal) || runtimeIdentifier.Contains("alpine", StringComparison.Ordinal);
        var isWindows = runtimeIdentifier.StartsWith("win", StringComparison.Ordinal);
        var isMac = runtimeIdentifier.StartsWith("osx", StringComparison.Ordinal);
        var processor = isMac ? "-arm64" : "-x64";
        return runtimeIdentifier.EndsWith(processor, StringComparison.Ordinal) && !(isMusl && !isWindows)
            ? null
            : $"there is no libtorch for {runtimeIdentifier}; {Systems}";
    }

    /// <summary>Explains what the system's loader said.</summary>
    /// <param name="message">The message of the exception: what failed, then a line for every path tried.</param>
    /// <returns>One line.</returns>
    internal static string OfMessage(string message)
    {
        if (MissingVersion().Match(message) is { Success: true } missing)
        {
            var version = missing.Groups["version"].Value;
            return version.StartsWith("GLIBC_", StringComparison.Ordinal)
                ? $"the system's C library lacks {version}; use a newer distribution, for example Debian 13 or Ubuntu 24.04"
                : $"the system's libstdc++ lacks {version} (of GCC 13 or later); use a newer distribution, for "
                    + "example Debian 13, Ubuntu 24.04 or RHEL 10, or on Debian 12 install libstdc++6 from trixie";
        }

        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var tried = lines.Skip(1).Where(line => !IsAbsence(line) || !IsOwn(line)).ToList();
        return tried.Count > 0 ? tried[0]
            : lines.Any(IsAbsence) ? $"it is not there; install the package again, or let {LibTorch.FolderVariable} name the folder that has it"
            : lines[0].Split(". ")[0];
    }

    private static bool IsAbsence(string line) => line.Contains("no such file", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(string line) => Path.GetFileName(line.Split(':')[0]).Contains("torch", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"version [`'](?<version>(GLIBCXX|CXXABI|GLIBC)_[0-9.]+)' not found")]
    private static partial Regex MissingVersion();
}
