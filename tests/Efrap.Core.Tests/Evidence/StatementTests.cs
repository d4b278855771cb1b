using System.Text.Json;

namespace Efrap.Core.Tests.Evidence;

/// <summary>The statement is an in-toto Statement v1 about the model's files.</summary>
[TestClass]
public sealed class StatementTests
{
    [TestMethod]
    public void Its_subject_is_the_model()
    {
        var statement = JsonElement.Parse(AuditedReports.Statement(AuditedReports.Failing));
        CollectionAssert.AreEqual(
            (string[])["_type", "subject", "predicateType", "predicate"], statement.EnumerateObject().Select(p => p.Name).ToArray());
        Assert.AreEqual("https://in-toto.io/Statement/v1", statement.GetProperty("_type").GetString());
        Assert.IsTrue(Uri.TryCreate(statement.GetProperty("predicateType").GetString(), UriKind.Absolute, out _));
        var subject = statement.GetProperty("subject").EnumerateArray().Single();
        Assert.AreEqual("shapes-qcb-int8.onnx", subject.GetProperty("name").GetString());
        Assert.AreEqual(
            Digest.OfFile(TestData.Fixture("shapes-qcb-int8.onnx")), subject.GetProperty("digest").GetProperty("sha256").GetString());
    }

    [TestMethod]
    public void Its_predicate_says_with_what_and_what_came_out()
    {
        var report = AuditedReports.Failing;
        var predicate = JsonElement.Parse(AuditedReports.Statement(report)).GetProperty("predicate");
        Assert.AreEqual("efrap", predicate.GetProperty("tool").GetProperty("name").GetString());
        Assert.AreEqual(EngineVersion.Text, predicate.GetProperty("tool").GetProperty("version").GetString());
        Assert.AreEqual("1.31.1", predicate.GetProperty("tool").GetProperty("runtime").GetProperty("onnxRuntime").GetString());
        var calibration = predicate.GetProperty("calibration");
        Assert.AreEqual("shapes-calibration.npz", calibration.GetProperty("resource").GetProperty("name").GetString());
        Assert.AreEqual(
            Digest.OfFile(TestData.Fixture("shapes-calibration.npz")),
            calibration.GetProperty("resource").GetProperty("digest").GetProperty("sha256").GetString());
        Assert.AreEqual(96, calibration.GetProperty("samples").GetInt32());
        Assert.AreEqual(0.25, calibration.GetProperty("preprocessing").GetProperty("std")[0].GetDouble());
        Assert.AreEqual(report.Policy.Sha256, predicate.GetProperty("policy").GetProperty("effectiveDigest").GetProperty("sha256").GetString());
        Assert.AreEqual("Fail", predicate.GetProperty("verdict").GetString());
        Assert.AreEqual(report.Indicators.Count, predicate.GetProperty("indicators").GetArrayLength());
        Assert.AreEqual(report.Layers.Count, predicate.GetProperty("layers").GetArrayLength());
        Assert.AreEqual(report.Findings.Count, predicate.GetProperty("findings").GetArrayLength());
        Assert.AreEqual(report.Limits.Count, predicate.GetProperty("limits").GetArrayLength());
    }

    [TestMethod]
    public void Files_of_external_data_are_subjects_too()
    {
        var statement = JsonElement.Parse(AuditedReports.Statement(
            AuditedReports.WithoutCalibration with { ExternalData = [new FileDigest("data/w.bin", new string('e', 64))] }));
        CollectionAssert.AreEqual(
            (string[])["shapes-clean.onnx", "data/w.bin"],
            statement.GetProperty("subject").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ToArray());
        Assert.IsFalse(statement.GetProperty("predicate").TryGetProperty("calibration", out _));
    }
}
