using System.Runtime.InteropServices;

namespace Efrap.Build.Tasks;

/// <summary>Finds the <c>dotnet</c> that runs the worker.</summary>
internal static class DotNetHost
{
    /// <summary>What <c>dotnet</c> ends with where the runtime that an app asks for is not installed: in full on Windows, its low byte elsewhere.</summary>
    public static readonly IReadOnlyCollection<int> FrameworkMissingExitCodes = [unchecked((int)0x80008096), 0x96];

    /// <summary>The host that runs this build where that is known, else the one on the path.</summary>
    /// <param name="hostPath">The SDK's property <c>DOTNET_HOST_PATH</c>; Visual Studio's MSBuild has it as a property only.</param>
    /// <returns>The full path, or null where there is none.</returns>
    public static string? Find(string? hostPath) =>
        new[] { hostPath, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") }
            .Concat(OnPath())
            .FirstOrDefault(path => !string.IsNullOrEmpty(path) && File.Exists(path));

    private static IEnumerable<string> OnPath()
    {
        string name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "dotnet.exe" : "dotnet";
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split([Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name));
    }
}
