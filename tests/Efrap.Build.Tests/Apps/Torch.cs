namespace Efrap.Build.Tests.Apps;

/// <summary>
/// Skips what needs libtorch where it cannot be loaded, except where the environment says <c>EFRAP_REQUIRE_TORCH=1</c>: there it
/// fails, so that a machine meant to run it cannot skip it unnoticed.
/// </summary>
internal static class Torch
{
    /// <summary>Skips the test where a build says that libtorch cannot be loaded.</summary>
    /// <param name="build">The build.</param>
    public static void Require(BuildOutcome build) => Require(build.Errors.FirstOrDefault(error => error.Code == "EFRAP0001")?.Text);

    /// <summary>Skips the test where something is in the way.</summary>
    /// <param name="problem">What is in the way, or null.</param>
    public static void Require(string? problem)
    {
        if (problem is null)
            return;
        if (Environment.GetEnvironmentVariable("EFRAP_REQUIRE_TORCH") == "1")
            Assert.Fail($"EFRAP_REQUIRE_TORCH is 1, but: {problem}");
        Assert.Inconclusive(problem);
    }
}
