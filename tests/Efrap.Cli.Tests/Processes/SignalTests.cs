using System.Diagnostics;
using Efrap.Core.Tests;

namespace Efrap.Cli.Tests.Processes;

[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "Windows has no signals to send to another process")]
public sealed class SignalTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-");

    [TestCleanup]
    public void Delete() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow("INT", 130)]
    [DataRow("TERM", 143)]
    public async Task A_signal_in_the_middle_leaves_nothing_behind(string signal, int exitCode)
    {
        if (signal == "INT" && IsInterruptIgnored())
            Assert.Inconclusive("this run was started with SIGINT ignored, as shells start background jobs; so are its children");
        using var process = EfrapProcess.Start(
            _folder.FullName,
            "harden", TestData.Shared("models/cifar10-resnet8-pq-int8.onnx"),
            "--calibration", TestData.Shared("data/cifar10-calibration.npz"),
            "--calibration-scale", "1/255",
            "--output", "o.onnx", "--report", "r.json");
        Assert.AreEqual("cifar10-resnet8-pq-int8.onnx: reading", await process.StandardOutput.ReadLineAsync());
        Assert.AreEqual("cifar10-resnet8-pq-int8.onnx: measuring", await process.StandardOutput.ReadLineAsync());
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(exitCode, process.ExitCode);
        Assert.AreEqual("efrap: error EFRAP0004: cancelled; nothing was written.\n", error);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    // A process inherits that a signal is ignored, and .NET leaves it so.
    private static bool IsInterruptIgnored() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToUInt64(line.Split('\t')[1], 16) & (1 << (2 - 1))) != 0;
}
