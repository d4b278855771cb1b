namespace Efrap.Core;

/// <summary>What <see cref="VerifyRelease"/> is asked to do.</summary>
/// <param name="Path">A folder, a zip archive or NuGet package, a .NET assembly or a single-file app.</param>
public sealed record VerifyReleaseOptions(string Path)
{
    /// <summary>The manifest that the build wrote; null for the one inside.</summary>
    public string? ManifestPath { get; init; }

    /// <summary>Where the JSON report goes, or null for none.</summary>
    public string? ReportPath { get; init; }

    /// <summary>The clock that waivers end by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How far verifying a release has come.</summary>
/// <param name="File">The file that is about to be looked at.</param>
/// <param name="FilesDone">The number of files looked at.</param>
/// <param name="FileCount">The number of files, those inside of others not counted.</param>
public readonly record struct ReleaseProgress(string File, int FilesDone, int FileCount);
