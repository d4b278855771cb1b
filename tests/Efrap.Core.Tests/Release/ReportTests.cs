using System.Text.Json;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>The report says the same whenever and wherever it is written.</summary>
[TestClass]
public sealed class ReportTests : ReleaseTest
{
    [TestMethod]
    public void Equal_releases_give_equal_reports_wherever_they_lie()
    {
        var first = Written("here");
        Assert.IsTrue(first.AsSpan().SequenceEqual(Written("somewhere/else")));
        Assert.IsFalse(first.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Folder.Path)) >= 0);
        var report = JsonElement.Parse(first);
        Assert.AreEqual("App.zip", report.GetProperty("release").GetString());
        Assert.AreEqual("archive", report.GetProperty("kind").GetString());
        Assert.AreEqual("Fail", report.GetProperty("verdict").GetString());
        Assert.AreEqual("EFRAP2007", report.GetProperty("problems")[0].GetProperty("code").GetString());
        Assert.AreEqual("Different", report.GetProperty("models")[0].GetProperty("outcome").GetString());
        Assert.AreEqual("Efrap", report.GetProperty("models")[0].GetProperty("rounding").GetString());
        Assert.AreEqual((byte)'\n', first[^1]);
    }

    private byte[] Written(string folder)
    {
        var release = Folder.Write($"{folder}/App.zip", Containers.Zip(("Models/a.onnx", SampleModels.Nearest), ("b.ort", [1]), ("Models/b.onnx", SampleModels.Audited)));
        var report = Folder.File($"{folder}/report.json");
        VerifyRelease.Run(Options(OfSamples(At("Models/a.onnx")), release) with { ReportPath = report });
        return System.IO.File.ReadAllBytes(report);
    }
}
