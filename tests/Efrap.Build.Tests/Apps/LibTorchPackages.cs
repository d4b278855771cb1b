using System.IO.Compression;

namespace Efrap.Build.Tests.Apps;

/// <summary>
/// Saves an app under test the download of libtorch, which is of no interest here: that of this system comes from where this
/// repository has restored it, and those of other systems are empty packages of the same names.
/// </summary>
internal sealed class LibTorchPackages
{
    private static readonly string[] _systems = ["linux-x64", "osx-arm64", "win-x64"];

    /// <summary>Lays the packages out.</summary>
    /// <param name="root">A folder of the app's.</param>
    public LibTorchPackages(DirectoryInfo root)
    {
        var system = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";
        OfOtherSystems = [.. _systems.Where(s => s != system).Select(s => $"libtorch-cpu-{s}")];
        StandIns = root.CreateSubdirectory("stand-ins").FullName;
        foreach (var id in OfOtherSystems)
            WriteStandIn(Path.Combine(StandIns, $"{id}.{Version}.nupkg"), id);
        Restored = root.CreateSubdirectory("restored").FullName;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (Directory.Exists(Path.Combine(packages, $"libtorch-cpu-{system}", Version)))
            Directory.CreateSymbolicLink(Path.Combine(Restored, $"libtorch-cpu-{system}"), Path.Combine(packages, $"libtorch-cpu-{system}"));
    }

    /// <summary>The version that Efrap.Build.Torch depends on.</summary>
    public static string Version => "2.10.0";

    /// <summary>A packages folder with this system's libtorch, or an empty one where it was never restored.</summary>
    public string Restored { get; }

    /// <summary>A package source with the others.</summary>
    public string StandIns { get; }

    /// <summary>The names of the others.</summary>
    public IReadOnlyList<string> OfOtherSystems { get; }

    private static void WriteStandIn(string path, string id)
    {
        using var package = ZipFile.Open(path, ZipArchiveMode.Create);
        using var nuspec = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        nuspec.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{Version}</version><authors>stand-in</authors><description>stand-in</description></metadata>
            </package>
            """);
    }
}
