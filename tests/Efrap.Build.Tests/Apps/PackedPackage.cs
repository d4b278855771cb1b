namespace Efrap.Build.Tests.Apps;

/// <summary>The package under test, packed once per run.</summary>
[TestClass]
public static class PackedPackage
{
    private static readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-pack-");
    private static readonly Lazy<string> _path = new(Pack);

    /// <summary>The <c>.nupkg</c>, alone in its folder but for other packages of this repository.</summary>
    public static string Path => _path.Value;

    /// <summary>The version that apps reference.</summary>
    public static string Version => System.IO.Path.GetFileNameWithoutExtension(Path)["Efrap.Build.".Length..];

    [AssemblyCleanup]
    public static void Delete() => _folder.Delete(recursive: true);

    // Where a folder of packed packages is named, as continuous integration does, what lies there is what is tested.
    // Packing here uses folders of its own: this run's own assemblies may just be built.
    private static string Pack()
    {
        if (Environment.GetEnvironmentVariable("EFRAP_TEST_FEED") is { Length: > 0 } feed)
            return Single(System.IO.Path.Combine(Repository.Folder, feed));

        var (exitCode, output) = DotNet.Run(
            Repository.Folder,
            "pack", "src/Efrap.Build.Tasks", "-c", "Release", "-o", System.IO.Path.Combine(_folder.FullName, "feed"),
            "--artifacts-path", System.IO.Path.Combine(_folder.FullName, "artifacts"));
        Assert.AreEqual(0, exitCode, output);
        return Single(System.IO.Path.Combine(_folder.FullName, "feed"));
    }

    private static string Single(string feed) =>
        Directory.GetFiles(feed, "Efrap.Build.*.nupkg").Single(file => char.IsAsciiDigit(System.IO.Path.GetFileName(file)["Efrap.Build.".Length]));
}
