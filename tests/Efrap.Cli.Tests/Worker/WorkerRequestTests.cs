using Efrap.Core.Evidence;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Cli.Tests.Worker;

[TestClass]
public sealed class WorkerRequestTests
{
    [TestMethod]
    public void Every_key_of_the_protocol_reaches_the_engine()
    {
        using var worker = new WorkerFront();
        File.WriteAllText(worker.Output + ".harden.intoto.json", "{}");
        Assert.AreEqual(ExitCode.Clean, worker.RunRequest(
            """
            {
              "version": 2,
              "threads": 2,
              "mode": "report",
              "root": "/app",
              "probeTime": 7.5,
              "lattices": "int8-per-tensor",
              "policy": {
                "profile": "strict",
                "thresholds": ["agreement=0.1"],
                "severities": ["agreement=fail"],
                "require": ["trigger-probe"]
              },
              "models": [
                {
                  "id": "Models/classifier.onnx",
                  "model": "/app/Models/classifier.onnx",
                  "output": "o.onnx",
                  "report": "/app/obj/efrap/classifier.json",
                  "action": "harden",
                  "source": "/app/Models/full.onnx",
                  "isListed": true,
                  "evidence": "o.onnx",
                  "precision": "int4-weights",
                  "granularity": "per-tensor",
                  "calibration": "/app/Models/calibration.npz",
                  "calibrationScale": 0.00392156862745098,
                  "calibrationMean": [0.4914, 0.4822, 0.4465],
                  "calibrationStd": [0.247, 0.2435, 0.2616],
                  "samples": 64,
                  "budget": 0.25,
                  "solver": "nearest"
                }
              ]
            }
            """));
        var options = worker.Front.Engine.Calls.Single();
        Assert.AreEqual("/app/Models/classifier.onnx", options.ModelPath);
        Assert.AreEqual(worker.Output, options.OutputPath);
        Assert.AreEqual("/app/obj/efrap/classifier.json", options.ReportPath);
        Assert.AreEqual(worker.Output + ".harden.intoto.json", options.AttestationPath);
        Assert.Contains(
            "\"attestation\":{\"name\":\"o.onnx.harden.intoto.json\",\"sha256\":\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}",
            File.ReadAllText(worker.Output + ".record"));
        Assert.AreEqual(Precision.Int4Weights, options.Precision);
        Assert.AreEqual(Granularity.PerTensor, options.Granularity);
        Assert.AreEqual("/app/Models/calibration.npz", options.Calibration.Path);
        Assert.AreEqual(0.00392156862745098, options.Calibration.Scale);
        Assert.AreSequenceEqual([0.4914, 0.4822, 0.4465], options.Calibration.Mean!);
        Assert.AreSequenceEqual([0.247, 0.2435, 0.2616], options.Calibration.Std!);
        Assert.AreEqual(64, options.Calibration.Samples);
        Assert.AreEqual(0.25, options.Budget);
        Assert.AreEqual(Solver.Nearest, options.Solver);
        Assert.AreEqual(2, options.Threads);

        var audit = worker.Front.Engine.Audits.Single();
        Assert.AreEqual("/app/Models/classifier.onnx", audit.ModelPath);
        Assert.AreEqual("/app/Models/full.onnx", audit.SourcePath);
        Assert.AreEqual(options.Calibration, audit.Calibration);
        Assert.AreEqual(
            new AuditEvidence
            {
                ReportPath = worker.Output + ".audit.json",
                SarifPath = worker.Output + ".audit.sarif",
                HtmlPath = worker.Output + ".audit.html",
                StatementPath = worker.Output + ".audit.intoto.json",
                SarifRoot = "/app",
            },
            audit.Evidence);
        Assert.AreEqual(TimeSpan.FromSeconds(7.5), audit.ProbeTime);
        Assert.AreEqual(2, audit.Threads);
        Assert.AreEqual("int8-per-tensor", audit.Lattices.Single().Name);
        Assert.AreEqual(PolicyProfile.Strict, audit.Policy.Profile);
        Assert.AreEqual(new IndicatorRule { Threshold = 0.1, Severity = Consequence.Fail }, audit.Policy.Indicators["agreement"]);
        Assert.IsTrue(audit.Policy.Indicators["trigger-probe"].Required);
    }

    [TestMethod]
    public void What_is_absent_has_the_command_lines_default()
    {
        using var worker = new WorkerFront();
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, worker.Run(WorkerFront.Model));
        front.Run("harden", "m.onnx", "--output", worker.Output, "--calibration", "c.npz");
        Assert.AreEqual(front.Engine.Calls.Single(), worker.Front.Engine.Calls.Single());
    }

    [TestMethod]
    public void What_is_hardened_needs_calibration_data_and_a_precision()
    {
        using var worker = new WorkerFront();
        Assert.AreEqual(
            ExitCode.Error,
            worker.Run("""{"id":"a","model":"m.onnx","output":"o.onnx","precision":"int8"}""", """{"id":"b","model":"m.onnx","output":"o.onnx","calibration":"c.npz"}"""));
        CollectionAssert.AreEqual(
            new[] { "calibration is missing: a model that is hardened needs it.", "precision is missing: a model that is hardened needs it." },
            worker.Of("message").Select(m => m.GetProperty("text").GetString()).ToArray());
        Assert.IsEmpty(worker.Front.Engine.Audits, "nobody waits a minute for this");
    }

    [TestMethod]
    public void No_models_are_no_work()
    {
        using var worker = new WorkerFront();
        Assert.AreEqual(ExitCode.Clean, worker.Run());
        Assert.IsEmpty(worker.Answers);
    }

    [TestMethod]
    [DataRow("""{"version":2,"models":[],"thread":2}""", "thread")]
    [DataRow("""{"version":2,"models":[{"id":"m","model":"m","output":"o","precision":"int8","calibration":"c","budgett":1}]}""", "budgett")]
    [DataRow("""{"version":2,"models":[{"id":"m","model":"m","output":"o","precision":"int8","calibration":"c","Budget":1}]}""", "Budget")]
    [DataRow("""{"version":2,"models":[{"id":"m","model":null,"output":"o","precision":"int8","calibration":"c"}]}""", "model")]
    [DataRow("""{"version":2,"models":[{"id":"m","model":"m","output":"o","precision":"int8","calibration":"c","budget":"1"}]}""", "budget")]
    [DataRow("""{"version":2,"version":2,"models":[]}""", "version")]
    [DataRow("""{"version":9,"models":[]}""", "version 9")]
    [DataRow("""{"version":2,"models":[null]}""", "null")]
    [DataRow("""{"models":[]}""", "version")]
    [DataRow("""{"version":2,"models":[]""", "JSON")]
    [DataRow("null", "null")]
    [DataRow("", "JSON")]
    public void A_request_that_breaks_the_protocol_is_one_error_and_nothing_is_tried(string request, string named)
    {
        using var worker = new WorkerFront();
        Assert.AreEqual(ExitCode.Error, worker.RunRequest(request));
        var error = worker.Answers.Single();
        Assert.AreEqual("message", error.GetProperty("type").GetString());
        Assert.AreEqual("error", error.GetProperty("severity").GetString());
        Assert.AreEqual("EFRAP0003", error.GetProperty("code").GetString());
        Assert.Contains(named, error.GetProperty("text").GetString()!);
        Assert.EndsWith("request.json", error.GetProperty("file").GetString()!);
        Assert.IsFalse(error.TryGetProperty("id", out _));
        Assert.IsEmpty(worker.Front.Engine.Calls);
        Assert.AreEqual(string.Empty, worker.Front.Error);
    }

    [TestMethod]
    public void A_request_that_does_not_exist_is_one_error()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Error, front.Run("worker", "@no/such/request.json"));
        Assert.Contains("EFRAP0003", front.OutputLines.Single());
    }

    [TestMethod]
    [DataRow("\"precision\":\"int9\"", "precision")]
    [DataRow("\"precision\":\"int8\",\"granularity\":\"per-row\"", "granularity")]
    [DataRow("\"precision\":\"int8\",\"budget\":0", "budget")]
    [DataRow("\"precision\":\"int8\",\"solver\":\"sgd\"", "solver")]
    [DataRow("\"precision\":\"int8\",\"samples\":0", "samples")]
    [DataRow("\"precision\":\"int8\",\"calibrationStd\":[0]", "calibrationStd")]
    [DataRow("\"precision\":\"int8\",\"report\":\"m.onnx\"", "report")]
    public void A_setting_out_of_range_fails_its_model_only(string settings, string named)
    {
        using var worker = new WorkerFront();
        var wrong = $$"""{"id":"w","model":"m.onnx","output":"o.onnx","calibration":"c.npz",{{settings}}}""";
        Assert.AreEqual(ExitCode.Error, worker.Run(wrong, WorkerFront.Model));
        var error = worker.Of("message").Single(m => m.GetProperty("severity").GetString() == "error");
        Assert.AreEqual("EFRAP0003", error.GetProperty("code").GetString());
        Assert.AreEqual("w", error.GetProperty("id").GetString());
        Assert.StartsWith(named + " ", error.GetProperty("text").GetString()!);
        Assert.AreEqual("m", worker.Of("result").Single().GetProperty("id").GetString());
    }
}
