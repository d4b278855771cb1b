using Efrap.Core;

namespace Efrap.Cli.Tests.Worker;

[TestClass]
public sealed class WorkerAnswerTests
{
    [TestMethod]
    public void The_answers_are_these_lines()
    {
        using var worker = new WorkerFront();
        Assert.AreEqual(ExitCode.Clean, worker.Run(WorkerFront.Model));
        Assert.AreEqual(
            $$"""
            {"type":"progress","id":"m","step":"audit, placebos on int8-per-channel","done":50,"count":100}
            {"type":"audited","id":"m","verdict":"pass"}
            {"type":"progress","id":"m","step":"reading","done":0,"count":0}
            {"type":"progress","id":"m","step":"measuring","done":0,"count":2}
            {"type":"progress","id":"m","step":"layer","layer":"conv1","done":1,"count":2}
            {"type":"progress","id":"m","step":"layer","layer":"fc","done":2,"count":2}
            {"type":"progress","id":"m","step":"writing","done":2,"count":2}
            {"type":"message","severity":"info","text":"BatchNormalization \u0027bn\u0027 was folded into \u0027conv1\u0027.","file":"m.onnx","id":"m"}
            {"type":"result","id":"m","output":"{{worker.Output}}","sha256":"{{new string('b', 64)}}","layers":2,"skipped":1}

            """.ReplaceLineEndings("\n"),
            worker.Front.Output);
        Assert.AreEqual(string.Empty, worker.Front.Error);
    }

    [TestMethod]
    public void A_broken_model_is_one_error_and_the_next_is_tried()
    {
        using var worker = Failing(new EfrapException(EfrapCode.ModelUnreadable, "cut short.", "broken.onnx"));
        Assert.AreEqual(ExitCode.Error, worker.Run(Named("broken"), Named("whole")));
        var error = worker.Of("message").Single(m => m.GetProperty("severity").GetString() == "error");
        Assert.AreEqual("EFRAP1002", error.GetProperty("code").GetString());
        Assert.AreEqual("cut short.", error.GetProperty("text").GetString());
        Assert.AreEqual("broken.onnx", error.GetProperty("file").GetString());
        Assert.AreEqual("broken", error.GetProperty("id").GetString());
        Assert.AreEqual("whole", worker.Of("result").Single().GetProperty("id").GetString());
        Assert.AreEqual(string.Empty, worker.Front.Error);
    }

    [TestMethod]
    public void Nothing_to_quantize_is_3_when_no_other_model_failed()
    {
        using var worker = Failing(new EfrapException(EfrapCode.NothingToQuantize, "no layer."));
        Assert.AreEqual(ExitCode.NothingToDo, worker.Run(Named("broken"), Named("whole")));
        Assert.HasCount(1, worker.Of("result"));
    }

    [TestMethod]
    public void A_failure_outweighs_nothing_to_quantize()
    {
        using var worker = new WorkerFront
        {
            Front = new Front
            {
                Engine = new FakeEngine
                {
                    Failure = options => new EfrapException(
                        options.ModelPath == "a.onnx" ? EfrapCode.NothingToQuantize : EfrapCode.GraphInvalid, "text"),
                },
            },
        };
        Assert.AreEqual(ExitCode.Error, worker.Run(Named("a"), Named("b")));
        Assert.IsEmpty(worker.Of("result"));
    }

    [TestMethod]
    public void A_defect_is_one_error_and_the_next_is_tried()
    {
        using var worker = Failing(new InvalidOperationException("a\nb"));
        Assert.AreEqual(ExitCode.Error, worker.Run(Named("broken"), Named("whole")));
        var error = worker.Of("message")[0];
        Assert.AreEqual("EFRAP9001", error.GetProperty("code").GetString());
        Assert.HasCount(1, worker.Of("result"));
        Assert.AreEqual(string.Empty, worker.Front.Error);
    }

    [TestMethod]
    public void A_missed_budget_is_information()
    {
        using var worker = new WorkerFront { Front = new Front { Engine = new FakeEngine { Report = Reports.BudgetMissed } } };
        Assert.AreEqual(ExitCode.Clean, worker.Run(WorkerFront.Model));
        var note = worker.Of("message").Single(m => m.GetProperty("text").GetString()!.Contains("activation budget", StringComparison.Ordinal));
        Assert.AreEqual("info", note.GetProperty("severity").GetString());
        Assert.AreEqual("EFRAP2003", note.GetProperty("code").GetString());
        Assert.AreEqual("m.onnx", note.GetProperty("file").GetString());
    }

    [TestMethod]
    public void Cancelling_stops_before_the_next_model()
    {
        Front? front = null;
        using var worker = new WorkerFront
        {
            Front = front = new Front { Engine = new FakeEngine { AfterProgress = () => front!.Interruption.Cancel() } },
        };
        Assert.AreEqual(130, worker.Run(Named("a"), Named("b")));
        Assert.HasCount(1, worker.Front.Engine.Calls);
        Assert.AreEqual("EFRAP0004", worker.Of("message").Single().GetProperty("code").GetString());
        Assert.IsEmpty(worker.Of("result"));
    }

    [TestMethod]
    public void Lines_are_pure_ascii()
    {
        using var worker = new WorkerFront
        {
            Front = new Front { Engine = new FakeEngine { Report = Reports.TwoLayers with { Notes = ["ρ ≤ ½ \u001b[2J"] } } },
        };
        worker.Run(WorkerFront.Model);
        Assert.IsTrue(worker.Front.Output.All(c => c is '\n' or (>= ' ' and <= '~')), worker.Front.Output);
        Assert.AreEqual("ρ ≤ ½ \\u001B[2J", worker.Of("message").Single().GetProperty("text").GetString());
    }

    private static string Named(string id) => WorkerFront.Model
        .Replace("\"m\"", $"\"{id}\"", StringComparison.Ordinal)
        .Replace("m.onnx", $"{id}.onnx", StringComparison.Ordinal);

    private static WorkerFront Failing(Exception e) => new()
    {
        Front = new Front { Engine = new FakeEngine { Failure = options => options.ModelPath == "broken.onnx" ? e : null } },
    };
}
