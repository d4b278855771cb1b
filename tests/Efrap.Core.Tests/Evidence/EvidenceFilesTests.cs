using Efrap.Core.Evidence;
using Efrap.Core.Tests.Indicators;

namespace Efrap.Core.Tests.Evidence;

/// <summary>All of the evidence is written, whatever the verdict, or none of it.</summary>
[TestClass]
public sealed class EvidenceFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_failed_audit_leaves_it_and_twice_the_same_bytes()
    {
        var first = Run(Evidence("first"));
        var second = Run(Evidence("second"));
        Assert.AreEqual(Core.Indicators.Verdict.Fail, first.Verdict);
        Assert.AreEqual(first.ModelSha256, second.ModelSha256);
        foreach (var name in Names)
            CollectionAssert.AreEqual(File.ReadAllBytes(_folder.File($"first/{name}")), File.ReadAllBytes(_folder.File($"second/{name}")), name);
        Assert.HasCount(2 + (2 * Names.Length), _folder.Content());
    }

    [TestMethod]
    public void It_names_no_folder_of_this_machine()
    {
        Run(Evidence("out"));
        foreach (var name in Names)
        {
            var text = File.ReadAllText(_folder.File($"out/{name}"));
            Assert.DoesNotContain(_folder.Path, text);
            Assert.DoesNotContain(TestData.Repository, text);
            Assert.DoesNotContain(Environment.MachineName + "\"", text);
        }
    }

    [TestMethod]
    public void Where_one_file_cannot_be_written_none_is()
    {
        _folder.Write("a file", [1]);
        var evidence = Evidence("out") with { StatementPath = _folder.File("a file/statement.json") };
        Refusal.Expect(EfrapCode.OutputNotWritten, () => Run(evidence));
        CollectionAssert.AreEqual((string[])["a file"], _folder.Content());
    }

    private static string[] Names => ["report.json", "model.sarif", "page.html", "statement.json"];

    private AuditEvidence Evidence(string folder) => new()
    {
        ReportPath = _folder.File($"{folder}/report.json"),
        SarifPath = _folder.File($"{folder}/model.sarif"),
        HtmlPath = _folder.File($"{folder}/page.html"),
        StatementPath = _folder.File($"{folder}/statement.json"),
        SarifRoot = TestData.Repository,
    };

    private static AuditReport Run(AuditEvidence evidence) => Audit.Run(
        new AuditOptions(TestData.Fixture("shapes-qcb-int8.onnx")) { Lattices = [AuditedFixture.Int8], Placebos = 2, Evidence = evidence });
}
