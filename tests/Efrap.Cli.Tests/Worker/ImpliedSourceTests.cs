using Efrap.Core;

namespace Efrap.Cli.Tests.Worker;

/// <summary>A source that only the model's name suggests.</summary>
[TestClass]
public sealed class ImpliedSourceTests
{
    private const string Model =
        """{"id":"Models/m.int8.onnx","model":"m.int8.onnx","source":"/app/Models/m.onnx","sourceIsImplied":true,"output":"o.onnx","precision":"int4-weights","granularity":"per-tensor","calibration":"c.npz"}""";

    [TestMethod]
    public void It_counts_where_the_model_is_quantized_and_that_is_said()
    {
        using var worker = Inspecting(isQuantized: true);
        Assert.AreEqual(ExitCode.Clean, worker.Run(Model));
        Assert.AreEqual("/app/Models/m.onnx", worker.Front.Engine.Audits.Single().SourcePath);
        Assert.AreEqual("/app/Models/m.onnx", worker.Front.Engine.Calls.Single().SourcePath);
        var notice = worker.Of("message")[0];
        Assert.AreEqual("notice", notice.GetProperty("severity").GetString());
        Assert.AreEqual(
            "Models/m.int8.onnx is quantized, and m.onnx beside it is taken for its full-precision source", notice.GetProperty("text").GetString());
    }

    [TestMethod]
    public void It_is_left_out_where_the_model_is_not()
    {
        using var worker = Inspecting(isQuantized: false);
        Assert.AreEqual(ExitCode.Clean, worker.Run(Model));
        Assert.IsNull(worker.Front.Engine.Audits.Single().SourcePath);
        Assert.IsNull(worker.Front.Engine.Calls.Single().SourcePath);
        Assert.AreEqual(Core.Quantization.Precision.Int4Weights, worker.Front.Engine.Calls.Single().Precision);
        Assert.IsEmpty(worker.Of("message").Where(m => m.GetProperty("severity").GetString() == "notice"));
    }

    [TestMethod]
    public void One_that_does_not_fit_is_an_error_that_says_where_it_comes_from()
    {
        using var worker = Inspecting(isQuantized: true, new EfrapException(EfrapCode.SourceMismatch, "it does not fit.", "m.int8.onnx"));
        Assert.AreEqual(ExitCode.Error, worker.Run(Model));
        Assert.AreEqual(
            "it does not fit. m.onnx was taken for its source by its name; set Source where it is another.",
            worker.Of("message").Single(m => m.GetProperty("severity").GetString() == "error").GetProperty("text").GetString());
    }

    [TestMethod]
    public void One_that_was_named_is_not_decided_on()
    {
        using var worker = Inspecting(isQuantized: false);
        Assert.AreEqual(
            ExitCode.Clean,
            worker.Run("""{"id":"m","model":"m.onnx","source":"full.onnx","output":"o.onnx","calibration":"c.npz"}"""));
        Assert.AreEqual("full.onnx", worker.Front.Engine.Audits.Single().SourcePath, "that the model is not quantized is an error then");
    }

    private static WorkerFront Inspecting(bool isQuantized, Exception? auditFailure = null) => new()
    {
        Front = new Front
        {
            Engine = new FakeEngine { Inspection = Reports.Inspection with { Quantized = isQuantized }, AuditFailure = _ => auditFailure },
        },
    };
}
