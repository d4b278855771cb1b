using System.Diagnostics;

namespace Efrap.Build.Tests.Apps;

/// <summary>Runs <c>dotnet</c> as a user would from a shell.</summary>
internal static class DotNet
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    // What the build that started this test run left for its own children must not reach the builds under test.
    private static readonly string[] _inherited = ["MSBUILD", "DOTNET_HOST_PATH", "DOTNET_CLI_", "VSTEST", "EFRAP_", "CI", "ContinuousIntegrationBuild", "TF_BUILD", "GITHUB_ACTIONS"];

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code, and both streams together.</returns>
    public static (int ExitCode, string Output) Run(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsInherited).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // Servers that outlive the command would hold its output open, and files of the app that is deleted after the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        // Workers of these tests run for seconds: what the compiler measures for later costs them a sixth of their time.
        start.Environment["DOTNET_TieredPGO"] = "0";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', start.ArgumentList)} took longer than {_limit}");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    private static bool IsInherited(string name) =>
        _inherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
