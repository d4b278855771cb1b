using Efrap.Core.Calibration;
using Efrap.Core.Evidence;

namespace Efrap.Core.Tests.Evidence;

/// <summary>A report goes where it was asked to go, whether its folder is there yet or not.</summary>
[TestClass]
public sealed class ReportFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void An_audit_makes_the_folder_of_its_report()
    {
        var path = _folder.File("new/folder/audit.json");
        Audit.Run(new AuditOptions(TestData.Fixture("shapes-clean.onnx")) { Evidence = new AuditEvidence { ReportPath = path } });
        StringAssert.Contains(File.ReadAllText(path), "\"verdict\": \"Pass\"");
    }

    [TestMethod]
    public void Hardening_makes_the_folder_of_its_report()
    {
        var path = _folder.File("new/folder/harden.json");
        var calibration = new CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Samples = 8 };
        Harden.Run(new HardenOptions(TestData.Fixture("shapes-clean.onnx"), _folder.File("out.onnx"), calibration) { ReportPath = path });
        StringAssert.Contains(File.ReadAllText(path), "\"precision\": \"int8\"");
    }

    [TestMethod]
    public void Where_no_folder_can_be_made_both_refuse_and_write_nothing()
    {
        var path = Path.Combine(_folder.Write("file", [1]), "report.json");
        Refusal.Expect(EfrapCode.OutputNotWritten, () => Audit.Run(new AuditOptions(TestData.Fixture("shapes-clean.onnx")) { Evidence = new AuditEvidence { ReportPath = path } }));
        var calibration = new CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Samples = 8 };
        Refusal.Expect(
            EfrapCode.OutputNotWritten,
            () => Harden.Run(new HardenOptions(TestData.Fixture("shapes-clean.onnx"), _folder.File("out.onnx"), calibration) { ReportPath = path }));
        Assert.HasCount(1, _folder.Content());
    }
}
