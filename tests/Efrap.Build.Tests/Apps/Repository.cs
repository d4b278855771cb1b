namespace Efrap.Build.Tests.Apps;

/// <summary>The checkout that is tested.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Efrap.Build.sln</c>.</summary>
    // The compiler maps source paths away, so the way up starts at the test assembly.
    public static string Folder { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The bytes of a committed fixture.</summary>
    /// <param name="name">Its path below <c>tests/fixtures</c>.</param>
    public static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(Folder, "tests", "fixtures", name));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Efrap.Build.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no Efrap.Build.sln above {AppContext.BaseDirectory}");
    }
}
