using System.Globalization;
using System.Text.Json;

namespace Efrap.Build.Tests.Shim;

[TestClass]
public sealed class ModelItemTests
{
    [TestMethod]
    public void A_request_says_what_the_item_says()
    {
        var culture = CultureInfo.CurrentCulture;
        // Decimal commas of the machine must reach neither the reading nor the writing of numbers.
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
        try
        {
            using var run = new ShimRun();
            run.Model.SetMetadata("Calibration", "Daten/größe \"1\".npz");
            run.Model.SetMetadata("CalibrationScale", "1/255");
            run.Model.SetMetadata("CalibrationMean", "0.4914, 0.4822;0.4465");
            run.Model.SetMetadata("CalibrationStd", "1e-3");
            run.Model.SetMetadata("CalibrationSamples", "64");
            run.Model.SetMetadata("Solver", "paper");
            run.Model.SetMetadata("SolverSteps", "20");
            run.Model.SetMetadata("SolverSeed", "7");
            run.Model.SetMetadata("Granularity", "per-tensor");
            run.Task.Threads = "3";

            Assert.IsTrue(run.Task.Execute());

            var text = File.ReadAllText(run.Task.RequestFile);
            using var request = JsonDocument.Parse(text);
            Assert.AreEqual(2, request.RootElement.GetProperty("version").GetInt32());
            Assert.AreEqual(3, request.RootElement.GetProperty("threads").GetInt32());
            var model = request.RootElement.GetProperty("models").EnumerateArray().Single();
            Assert.AreEqual("Models/m.onnx", model.GetProperty("id").GetString());
            Assert.AreEqual(Path.Combine(run.Folder, "obj/efrap/Models/m.onnx"), model.GetProperty("output").GetString());
            Assert.AreEqual(Path.Combine(run.Folder, "obj/efrap/Models/m.onnx.json"), model.GetProperty("report").GetString());
            Assert.AreEqual("harden", model.GetProperty("action").GetString());
            Assert.AreEqual(Path.Combine(run.Folder, "obj/evidence/Models/m.onnx"), model.GetProperty("evidence").GetString());
            Assert.AreEqual("int8", model.GetProperty("precision").GetString());
            Assert.AreEqual(Path.Combine(run.Folder, "Daten/größe \"1\".npz"), model.GetProperty("calibration").GetString());
            Assert.AreEqual(1.0 / 255, model.GetProperty("calibrationScale").GetDouble());
            CollectionAssert.AreEqual(new[] { 0.4914, 0.4822, 0.4465 }, Numbers(model, "calibrationMean"));
            CollectionAssert.AreEqual(new[] { 0.001 }, Numbers(model, "calibrationStd"));
            Assert.AreEqual(64, model.GetProperty("samples").GetInt32());
            Assert.AreEqual(0.5, model.GetProperty("budget").GetDouble());
            Assert.AreEqual("paper", model.GetProperty("solver").GetString());
            Assert.AreEqual(20, model.GetProperty("solverSteps").GetInt32());
            Assert.AreEqual(7, model.GetProperty("solverSeed").GetInt32());
            Assert.AreEqual("per-tensor", model.GetProperty("granularity").GetString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [TestMethod]
    public void What_is_not_set_is_not_asked_for()
    {
        using var run = new ShimRun();
        run.Model.RemoveMetadata("Budget");

        Assert.IsTrue(run.Task.Execute());

        using var request = JsonDocument.Parse(File.ReadAllText(run.Task.RequestFile));
        CollectionAssert.AreEquivalent(
            new[] { "id", "model", "action", "output", "report", "evidence", "precision", "calibration" },
            request.RootElement.GetProperty("models")[0].EnumerateObject().Select(p => p.Name).ToArray());
    }

    [TestMethod]
    [DataRow("Calibration", "")]
    [DataRow("Action", "Watch")]
    [DataRow("Budget", "half")]
    [DataRow("Budget", "0.5,0.6")]
    [DataRow("CalibrationScale", "1/0")]
    [DataRow("CalibrationScale", "1/2/3")]
    [DataRow("CalibrationScale", "1/")]
    [DataRow("CalibrationScale", "1;2")]
    [DataRow("CalibrationMean", "0.5,,0.5")]
    [DataRow("CalibrationStd", "NaN")]
    [DataRow("SolverSteps", "1e4")]
    [DataRow("SolverSeed", "0.5")]
    public void A_wrong_setting_is_an_error_that_names_the_item(string name, string value)
    {
        using var run = new ShimRun();
        run.Model.SetMetadata(name, value);

        Assert.IsFalse(run.Task.Execute());

        AssertRefused(run, "Models/m.onnx", name);
    }

    [TestMethod]
    public void An_audit_needs_no_calibration()
    {
        using var run = new ShimRun();
        run.Model.SetMetadata("Action", "audit");
        run.Model.SetMetadata("EfrapUnlisted", "true");
        run.Model.SetMetadata("Source", "full.onnx");
        run.Model.RemoveMetadata("Calibration");

        Assert.IsTrue(run.Task.Execute(), string.Join('\n', run.Engine.Errors.Select(e => e.Message)));

        using var request = JsonDocument.Parse(File.ReadAllText(run.Task.RequestFile));
        var model = request.RootElement.GetProperty("models")[0];
        Assert.AreEqual("audit", model.GetProperty("action").GetString());
        Assert.IsFalse(model.GetProperty("isListed").GetBoolean());
        Assert.AreEqual(Path.Combine(run.Folder, "full.onnx"), model.GetProperty("source").GetString());
        Assert.IsFalse(model.TryGetProperty("precision", out _), "the file decides");
        Assert.IsFalse(model.TryGetProperty("calibration", out _));
    }

    [TestMethod]
    public void The_policy_is_what_the_properties_say()
    {
        using var run = new ShimRun();
        run.Task.Mode = "report";
        run.Task.ProbeTime = "7.5";
        run.Task.Lattices = "int8-per-channel; int4-per-tensor";
        run.Task.PolicyFile = "../efrap.policy.json";
        run.Task.Profile = "strict";
        run.Task.Thresholds = "agreement=0.1; trigger-probe=0.4";
        run.Task.Severities = "agreement=fail";
        run.Task.Require = "trigger-probe;";

        Assert.IsTrue(run.Task.Execute());

        using var request = JsonDocument.Parse(File.ReadAllText(run.Task.RequestFile));
        Assert.AreEqual("report", request.RootElement.GetProperty("mode").GetString());
        Assert.AreEqual(7.5, request.RootElement.GetProperty("probeTime").GetDouble());
        Assert.AreEqual("int8-per-channel,int4-per-tensor", request.RootElement.GetProperty("lattices").GetString());
        var policy = request.RootElement.GetProperty("policy");
        Assert.AreEqual(Path.GetFullPath(Path.Combine(run.Folder, "../efrap.policy.json")), policy.GetProperty("file").GetString());
        Assert.AreEqual("strict", policy.GetProperty("profile").GetString());
        CollectionAssert.AreEqual(new[] { "agreement=0.1", "trigger-probe=0.4" }, Words("thresholds"));
        CollectionAssert.AreEqual(new[] { "agreement=fail" }, Words("severities"));
        CollectionAssert.AreEqual(new[] { "trigger-probe" }, Words("require"));

        string?[] Words(string name) => [.. policy.GetProperty(name).EnumerateArray().Select(word => word.GetString())];
    }

    [TestMethod]
    public void A_probe_time_that_is_no_number_is_an_error()
    {
        using var run = new ShimRun();
        run.Task.ProbeTime = "soon";
        Assert.IsFalse(run.Task.Execute());
        AssertRefused(run, "EfrapProbeTime", "soon");
    }

    [TestMethod]
    public void An_unknown_mode_is_an_error()
    {
        using var run = new ShimRun();
        run.Task.Mode = "Warn";
        Assert.IsFalse(run.Task.Execute());
        AssertRefused(run, "EfrapMode", "Enforce", "Report");
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("many")]
    public void Threads_that_are_no_number_are_an_error(string threads)
    {
        using var run = new ShimRun();
        run.Task.Threads = threads;
        Assert.IsFalse(run.Task.Execute());
        AssertRefused(run, "EfrapThreads", threads);
    }

    private static void AssertRefused(ShimRun run, params string[] named)
    {
        var error = run.Engine.Errors.Single();
        Assert.AreEqual("EFRAP0003", error.Code);
        Assert.AreEqual(run.Task.ProjectFile, error.File);
        foreach (var name in named)
            Assert.Contains(name, error.Message!);
        Assert.IsFalse(File.Exists(run.Task.RequestFile), "a worker was started all the same");
    }

    private static double[] Numbers(JsonElement model, string name) =>
        [.. model.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
