using Efrap.Torch.Runtime;

[assembly: DoNotParallelize]

namespace Efrap.Torch.Tests;

/// <summary>
/// A test that needs TorchSharp's native library. Where that cannot be loaded the test is skipped, except where the environment
/// says <c>EFRAP_REQUIRE_TORCH=1</c>: there it fails, so that a machine meant to run it cannot skip it unnoticed.
/// </summary>
public abstract class TorchTest
{
    [TestInitialize]
    public void StartTorch()
    {
        if (TorchRuntime.Problem() is { } problem)
        {
            if (Environment.GetEnvironmentVariable("EFRAP_REQUIRE_TORCH") == "1")
                Assert.Fail($"EFRAP_REQUIRE_TORCH is 1, but TorchSharp's native library cannot be loaded: {problem}");
            Assert.Inconclusive($"TorchSharp's native library cannot be loaded: {problem}");
        }

        TorchRuntime.Start(seed: 1, threads: 1);
    }
}
