namespace Efrap.Build.Tests.Apps;

/// <summary>The packages under test, each packed once per run.</summary>
[TestClass]
public static class PackedPackage
{
    private static readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-pack-");
    private static readonly Lock _packing = new();
    private static readonly Lazy<string> _path = new(() => Pack("Efrap.Build.Tasks", "Efrap.Build"));
    private static readonly Lazy<string> _torch = new(() => Pack("Efrap.Build.Torch", "Efrap.Build.Torch"));
    private static readonly Lazy<string> _tool = new(() => Pack("Efrap.Tool.Torch", "Efrap.Tool.Torch"));

    /// <summary>The <c>.nupkg</c> of Efrap.Build, alone in its folder but for other packages of this repository.</summary>
    public static string Path => _path.Value;

    /// <summary>That of Efrap.Build.Torch, in the same folder.</summary>
    public static string TorchPath => _torch.Value;

    /// <summary>That of Efrap.Tool.Torch, in the same folder, with those for this system beside it.</summary>
    public static string ToolPath => _tool.Value;

    /// <summary>The version that apps reference.</summary>
    public static string Version => System.IO.Path.GetFileNameWithoutExtension(Path)["Efrap.Build.".Length..];

    [AssemblyCleanup]
    public static void Delete() => _folder.Delete(recursive: true);

    // Where a folder of packed packages is named, as continuous integration does, what lies there is what is tested.
    // Packing here uses folders of its own: this run's own assemblies may just be built.
    private static string Pack(string project, string id)
    {
        if (Environment.GetEnvironmentVariable("EFRAP_TEST_FEED") is { Length: > 0 } feed)
            return Single(System.IO.Path.Combine(Repository.Folder, feed), id);

        using var one = _packing.EnterScope();
        var (exitCode, output) = DotNet.Run(
            Repository.Folder,
            "pack", $"src/{project}", "-c", "Release", "-o", System.IO.Path.Combine(_folder.FullName, "feed"),
            "--artifacts-path", System.IO.Path.Combine(_folder.FullName, "artifacts"));
        Assert.AreEqual(0, exitCode, output);
        return Single(System.IO.Path.Combine(_folder.FullName, "feed"), id);
    }

    private static string Single(string feed, string id) =>
        Directory.GetFiles(feed, $"{id}.*.nupkg").Single(file => char.IsAsciiDigit(System.IO.Path.GetFileName(file)[id.Length + 1]));
}
