using System.Security.Cryptography;
using System.Text.Json;
using Efrap.Core;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Cli.Tests.Worker;

/// <summary>What the audit of a model comes to in a build.</summary>
[TestClass]
public sealed class WorkerGateTests
{
    private static readonly Finding _failure = new(EfrapCode.TriggerProbe, Consequence.Fail, "trigger-probe is 0.9.") { Indicator = "trigger-probe" };
    private static readonly Finding _warning = new(EfrapCode.Agreement, Consequence.Warn, "agreement is 0.1.") { Indicator = "agreement" };
    private static readonly Finding _noData = new(EfrapCode.NotMeasured, Consequence.Warn, "there is no calibration data.");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-gate-");

    [TestCleanup]
    public void Delete() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_failure_is_an_error_and_nothing_is_hardened()
    {
        using var worker = Finding(Verdict.Fail, _failure, _warning);
        Assert.AreEqual(ExitCode.Failed, worker.Run(Model("harden")));
        CollectionAssert.AreEqual(
            new[] { "error EFRAP3107 m.onnx m", "warning EFRAP3103 m.onnx m" },
            worker.Of("message").Select(Line).ToArray());
        Assert.AreEqual("fail", worker.Of("audited").Single().GetProperty("verdict").GetString());
        Assert.IsEmpty(worker.Front.Engine.Calls);
        Assert.IsEmpty(_folder.GetFiles());
    }

    [TestMethod]
    public void In_report_mode_it_is_a_warning_and_the_model_is_hardened()
    {
        using var worker = Finding(Verdict.Fail, _failure);
        Assert.AreEqual(ExitCode.Clean, worker.RunRequest($$"""{"version":2,"mode":"report","models":[{{Model("harden")}}]}"""));
        Assert.AreEqual("warning EFRAP3107 m.onnx m", Line(worker.Of("message")[0]));
        Assert.HasCount(1, worker.Of("result"));
    }

    [TestMethod]
    public void What_is_only_audited_leaves_a_file_that_says_that_it_passed()
    {
        using var worker = Finding(Verdict.Warn, _warning);
        Assert.AreEqual(ExitCode.Clean, worker.Run(Model("audit")));
        Assert.AreEqual("warn\n", File.ReadAllText(Output));
        Assert.IsEmpty(worker.Of("result"));
        Assert.IsEmpty(worker.Front.Engine.Calls);
        Assert.AreEqual($$"""{"action":"audit","sha256":"{{Reports.Audit.ModelSha256}}","verdict":"warn"}""" + "\n", File.ReadAllText(Output + ".record"));
    }

    [TestMethod]
    [DataRow("harden", false, "info", "unexplained in 1 of 3 weights, unknown in 1 of 3 weights, efrap in 1 of 3 weights; hardening replaces it")]
    [DataRow("audit", false, "warning", "and it ships as it is: harden it")]
    [DataRow("audit", true, "info", "unexplained in 1 of 3 weights, unknown in 1 of 3 weights, efrap in 1 of 3 weights")]
    public void Of_a_quantized_model_the_rounding_is_told(string action, bool accepted, string severity, string text)
    {
        using var worker = Finding(Verdict.Pass);
        worker.Front.Engine.VerifyReport = Reports.Verification with { Accepted = accepted };
        File.WriteAllText(Path.Combine(_folder.FullName, "e.harden.intoto.json"), "{}");
        var evidence = Path.Combine(_folder.FullName, "e").Replace('\\', '/');
        var model = Model(action)[..^1] + $$""","source":"s.onnx","evidence":"{{evidence}}","calibrationScale":2}""";
        Assert.AreEqual(ExitCode.Clean, worker.Run(model));
        var message = worker.Of("message").Single(m => m.GetProperty("text").GetString()!.Contains("rounding is", StringComparison.Ordinal));
        Assert.AreEqual(severity, message.GetProperty("severity").GetString());
        Assert.AreEqual(severity == "warning", message.TryGetProperty("code", out var code) && code.GetString() == "EFRAP2009");
        Assert.Contains(text, message.GetProperty("text").GetString()!);
        var options = worker.Front.Engine.Verifications.Single();
        Assert.AreEqual(("s.onnx", evidence + ".verify.json", 2), (options.SourcePath, options.ReportPath, options.Calibration!.Scale));
    }

    [TestMethod]
    public void What_is_hardened_has_a_record_of_what_was_made_of_what()
    {
        using var worker = Finding(Verdict.Fail, _failure);
        Assert.AreEqual(ExitCode.Clean, worker.RunRequest($$"""{"version":2,"mode":"report","models":[{{Model("harden")}}]}"""));
        var (made, of) = (Reports.TwoLayers.OutputSha256, Reports.TwoLayers.ModelSha256);
        Assert.AreEqual(
            $$"""{"action":"harden","sha256":"{{made}}","verdict":"fail","rounding":"efrap","originalSha256":"{{of}}"}""" + "\n",
            File.ReadAllText(Output + ".record"));
    }

    [TestMethod]
    public void A_waiver_leaves_the_day_that_it_ends()
    {
        var waiver = new AppliedWaiver("known", "R. Viewer", new DateOnly(2027, 3, 31), IsExpired: false);
        using var worker = Finding(
            Verdict.Warn,
            _warning with { Code = EfrapCode.Waived, Waiver = waiver },
            _warning with { Code = EfrapCode.Waived, Waiver = waiver with { Expires = new DateOnly(2027, 1, 2) } });
        Assert.AreEqual(ExitCode.Clean, worker.Run(Model("audit")));
        Assert.AreEqual("20270102\n", File.ReadAllText(Output + ".until"));
        Assert.Contains("\"waivedUntil\":\"2027-01-02\"", File.ReadAllText(Output + ".record"));
    }

    [TestMethod]
    public void Of_a_model_that_nobody_listed_one_warning_shows_the_line_to_add()
    {
        using var worker = Finding(Verdict.Warn, _noData);
        Assert.AreEqual(ExitCode.Clean, worker.Run(Unlisted()));
        var warning = worker.Of("message").Single();
        Assert.AreEqual("warning EFRAP3003 m.onnx Models/m.onnx", Line(warning));
        StringAssert.Contains(warning.GetProperty("text").GetString(), "<EfrapModel Include=\"Models/m.onnx\" Calibration=\"samples.npz\" />");
    }

    [TestMethod]
    public void One_that_fails_fails_listed_or_not()
    {
        using var worker = Finding(Verdict.Fail, _failure);
        Assert.AreEqual(ExitCode.Failed, worker.Run(Unlisted()));
        Assert.AreEqual("error EFRAP3107 m.onnx Models/m.onnx", Line(worker.Of("message")[0]));
        Assert.IsFalse(File.Exists(Output));
    }

    [TestMethod]
    public void One_that_cannot_be_looked_at_is_a_warning_with_the_reason()
    {
        using var worker = new WorkerFront
        {
            Front = new Front { Engine = new FakeEngine { AuditFailure = _ => new EfrapException(EfrapCode.NothingToQuantize, "quantized already.") } },
        };
        var model = Path.Combine(_folder.FullName, "m.onnx");
        File.WriteAllText(model, "no model");
        Assert.AreEqual(ExitCode.Clean, worker.Run(Unlisted().Replace("\"m.onnx\"", JsonSerializer.Serialize(model), StringComparison.Ordinal)));
        StringAssert.Contains(
            worker.Of("message").Single().GetProperty("text").GetString(), "it could not be looked at (EFRAP2001: quantized already)");
        Assert.AreEqual("not-measured", worker.Of("audited").Single().GetProperty("verdict").GetString());
        Assert.AreEqual("not-measured\n", File.ReadAllText(Output), "it would be tried in every build");
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData("no model"u8)), File.ReadAllText(Output + ".record"));
    }

    [TestMethod]
    public void A_listed_one_that_cannot_be_looked_at_is_an_error()
    {
        using var worker = new WorkerFront
        {
            Front = new Front { Engine = new FakeEngine { AuditFailure = _ => new EfrapException(EfrapCode.NothingToQuantize, "quantized already.") } },
        };
        Assert.AreEqual(ExitCode.NothingToDo, worker.Run(Model("audit")));
        Assert.AreEqual("error", worker.Of("message").Single().GetProperty("severity").GetString());
        Assert.IsFalse(File.Exists(Output));
    }

    [TestMethod]
    public void A_wrong_policy_is_one_error_with_its_line_and_no_model_is_tried()
    {
        var policy = Path.Combine(_folder.FullName, "p.json");
        File.WriteAllText(policy, "{\n \"profil\": 1 }");
        using var worker = new WorkerFront();
        Assert.AreEqual(ExitCode.Error, worker.RunRequest($$"""{"version":2,"policy":{"file":"{{policy.Replace('\\', '/')}}"},"models":[{{WorkerFront.Model}}]}"""));
        var error = worker.Answers.Single();
        Assert.AreEqual("EFRAP0009", error.GetProperty("code").GetString());
        Assert.AreEqual(2, error.GetProperty("line").GetInt32());
        Assert.IsEmpty(worker.Front.Engine.Audits);
    }

    private string Output => Path.Combine(_folder.FullName, "m.audited");

    private static string Line(System.Text.Json.JsonElement message) =>
        string.Join(' ', new[] { "severity", "code", "file", "id" }.Select(name => message.GetProperty(name).GetString()));

    private static WorkerFront Finding(Verdict verdict, params Finding[] findings)
    {
        AuditReport report = Reports.Audit with { Verdict = verdict, Findings = findings };
        return new WorkerFront { Front = new Front { Engine = new FakeEngine { AuditReport = report } } };
    }

    private string Model(string action) =>
        $$"""{"id":"m","action":"{{action}}","model":"m.onnx","output":"{{Output.Replace('\\', '/')}}","precision":"int8","calibration":"c.npz"}""";

    private string Unlisted() =>
        $$"""{"id":"Models/m.onnx","action":"audit","isListed":false,"model":"m.onnx","output":"{{Output.Replace('\\', '/')}}"}""";
}
