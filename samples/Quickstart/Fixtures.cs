namespace Quickstart;

/// <summary>The repository's committed models and images.</summary>
internal static class Fixtures
{
    /// <summary>Their folder, found upward from the program.</summary>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var fixtures = Path.Combine(folder.FullName, "tests", "fixtures");
            if (Directory.Exists(fixtures))
                return fixtures;
        }

        throw new DirectoryNotFoundException("run this sample from a clone of the repository: it compares models in tests/fixtures");
    }
}
