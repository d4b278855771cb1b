namespace Efrap.Cli.Tests;

[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public void A_cancelled_run_says_so_and_exits_as_interrupted()
    {
        Front? front = null;
        using (front = new Front { Engine = new FakeEngine { AfterProgress = () => front!.Interruption.Cancel() } })
        {
            Assert.AreEqual(130, front.Harden());
            Assert.AreEqual("efrap: error EFRAP0004: cancelled; nothing was written.", front.ErrorLines.Single());
            Assert.AreEqual("model.onnx: reading\n", front.Output);
        }
    }

    [TestMethod]
    public void A_cancellation_inside_parallel_work_is_a_cancellation()
    {
        using var front = new Front { Engine = new FakeEngine { Failure = _ => new AggregateException(new TaskCanceledException()) } };
        Assert.AreEqual(130, front.Harden());
        Assert.Contains("EFRAP0004", front.Error);
    }
}
