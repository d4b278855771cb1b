
namespace Efrap.Core.Tests;

/// <summary>Finds the files that tests read: the committed fixtures, and the optional folder <c>shared</c> beside the checkout.</summary>
internal static class TestData
{
    /// <summary>The folder that holds <c>Efrap.Build.sln</c>.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Every model to be had, fixtures first; empty when there is none.</summary>
    public static IReadOnlyList<string> Models { get; } =
    [
        .. Enumerate(Path.Combine(Repository, "tests", "fixtures"), "*.onnx"),
        .. Enumerate(SharedFolder, "*.onnx"),
    ];

    private static string SharedFolder => Path.Combine(Path.GetDirectoryName(Repository)!, "shared");

    /// <summary>A committed fixture; its absence fails the test.</summary>
    /// <param name="name">The path below <c>tests/fixtures</c>.</param>
    /// <returns>The file's path.</returns>
    public static string Fixture(string name)
    {
        var path = Path.Combine(Repository, "tests", "fixtures", name);
        Assert.IsTrue(Path.Exists(path), $"the fixture {name} is missing");
        return path;
    }

    /// <summary>An optional file or folder; its absence skips the test.</summary>
    /// <param name="name">The path below <c>shared</c>.</param>
    /// <returns>The path.</returns>
    public static string Shared(string name)
    {
        var path = Path.Combine(SharedFolder, name);
        if (!Path.Exists(path))
            Assert.Inconclusive($"needs ../shared/{name} beside the checkout");
        return path;
    }

    private static IEnumerable<string> Enumerate(string folder, string pattern) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [];

    // The compiler maps source paths away, so the way up starts at the test assembly.
    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Efrap.Build.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Efrap.Build.sln above {AppContext.BaseDirectory}");
    }
}
