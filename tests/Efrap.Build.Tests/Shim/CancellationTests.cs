using System.Diagnostics;
using System.Globalization;

namespace Efrap.Build.Tests.Shim;

[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public async Task Cancelling_kills_the_worker()
    {
        using var run = new ShimRun("hang");
        var execution = Task.Run(run.Task.Execute);
        using var worker = Process.GetProcessById(await WorkerId(run.Task.RequestFile + ".pid"));

        var time = Stopwatch.StartNew();
        run.Task.Cancel();
        var succeeded = await execution.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.IsFalse(succeeded);
        Assert.IsTrue(worker.WaitForExit(TimeSpan.FromSeconds(5)), "the worker goes on");
        Assert.IsEmpty(run.Engine.Errors, "to be cancelled is no defect");
        Assert.IsLessThan(TimeSpan.FromSeconds(5), time.Elapsed);
    }

    private static async Task<int> WorkerId(string file)
    {
        for (var time = Stopwatch.StartNew(); time.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(50))
        {
            if (File.Exists(file) && int.TryParse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture, out var id))
                return id;
        }

        throw new TimeoutException("the fake worker did not start");
    }
}
