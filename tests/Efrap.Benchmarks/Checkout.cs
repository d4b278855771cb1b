namespace Efrap.Benchmarks;

/// <summary>Where the models lie that are measured.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds <c>Efrap.Build.sln</c>.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Efrap.Build.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("run the benchmarks from inside the repository");
            return folder.FullName;
        }
    }
}
