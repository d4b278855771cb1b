namespace Efrap.Build.Tests.Shim;

[TestClass]
public sealed class BrokenWorkerTests
{
    [TestMethod]
    [DataRow("crash", "exit code 134", "Unhandled exception: something broke")]
    [DataRow("garbage", "exit code 0", "native library says hello")]
    [DataRow("silence", "exit code 0", "It printed nothing.")]
    [DataRow("only-audited", "exit code 0", "It printed nothing.", DisplayName = "audited is not hardened")]
    public void What_is_no_answer_is_one_defect_with_what_was_printed(string behaviour, string exitCode, string printed)
    {
        using var run = new ShimRun(behaviour);

        Assert.IsFalse(run.Task.Execute());

        var error = run.Engine.Errors.Single();
        Assert.AreEqual("EFRAP9001", error.Code);
        Assert.AreEqual(run.Task.ProjectFile, error.File);
        Assert.Contains(exitCode, error.Message!);
        Assert.Contains(printed, error.Message!);
    }

    [TestMethod]
    public void A_missing_runtime_is_named()
    {
        using var run = new ShimRun("no-runtime");

        Assert.IsFalse(run.Task.Execute());

        var error = run.Engine.Errors.Single();
        Assert.AreEqual("EFRAP0005", error.Code);
        Assert.Contains(".NET 10", error.Message!);
    }

    [TestMethod]
    public void A_missing_worker_is_named()
    {
        using var run = new ShimRun();
        run.Task.Worker = Path.Combine(run.Folder, "efrap.dll");

        Assert.IsFalse(run.Task.Execute());

        var error = run.Engine.Errors.Single();
        Assert.AreEqual("EFRAP0005", error.Code);
        Assert.AreEqual(run.Task.Worker, error.File);
    }

    [TestMethod]
    public void A_request_that_cannot_be_written_is_named()
    {
        using var run = new ShimRun();
        Directory.CreateDirectory(run.Task.RequestFile);

        Assert.IsFalse(run.Task.Execute());

        var error = run.Engine.Errors.Single();
        Assert.AreEqual("EFRAP0002", error.Code);
        Assert.AreEqual(run.Task.RequestFile, error.File);
    }
}
