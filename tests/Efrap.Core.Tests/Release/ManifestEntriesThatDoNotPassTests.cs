using System.Text.Json.Nodes;
using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>A model may be what the build shipped and still not pass: the build says how it came about.</summary>
[TestClass]
public sealed class ManifestEntriesThatDoNotPassTests : ReleaseTest
{
    [TestMethod]
    [DataRow("verdict", "fail", "failed the audit of the build")]
    [DataRow("rounding", "nearest", "was rounded to nearest")]
    [DataRow("waivedUntil", "2026-06-14", "passed the build by a waiver that held until 2026-06-14")]
    public void Fail(string member, string value, string problem) =>
        StringAssert.StartsWith(Problem(VerifyWith(member, value)), $"a.onnx {problem}");

    [TestMethod]
    [DataRow("verdict", "warn", "made the audit of the build warn")]
    [DataRow("verdict", "not-measured", "could not be measured")]
    [DataRow("rounding", "paper", "was rounded by the solver as published")]
    [DataRow("rounding", "paper-gram", "was rounded by the solver as published")]
    [DataRow("waivedUntil", "2026-06-15", "passed the build by a waiver that holds until 2026-06-15")]
    public void Pass_with_a_note(string member, string value, string note)
    {
        var report = VerifyWith(member, value);
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        StringAssert.StartsWith(report.Notes.Single(), $"a.onnx {note}");
    }

    [TestMethod]
    public void Skipped_models_pass_with_a_note()
    {
        var skipped = Audited("a.onnx", SampleModels.Audited, At("a.onnx")).With("action", "skip");
        skipped.Remove("verdict");
        var report = Verify(Of(skipped), ("a.onnx", SampleModels.Audited));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        StringAssert.StartsWith(report.Notes.Single(), "a.onnx was not checked");
    }

    [TestMethod]
    public void What_is_not_here_is_not_held_against_the_release()
    {
        var failed = Audited("b.onnx", SampleModels.Audited, At("b.onnx")).With("verdict", "fail");
        var report = Verify(Of(Hardened("a.onnx", At("a.onnx")), failed), ("a.onnx", SampleModels.Hardened));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual("b.onnx", report.NotHere.Single());
    }

    private ReleaseReport VerifyWith(string member, JsonNode value) =>
        Verify(Of(Hardened("a.onnx", At("a.onnx")).With(member, value)), ("a.onnx", SampleModels.Hardened));
}
