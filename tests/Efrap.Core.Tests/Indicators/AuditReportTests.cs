using System.Text.Json;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class AuditReportTests
{
    [TestMethod]
    public void The_same_audit_gives_the_same_file_on_any_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        var files = new[] { 1, 3 }.Select(threads =>
        {
            var path = folder.File($"{threads}.json");
            Audit.Run(new AuditOptions(TestData.Fixture("shapes-qcb-int8.onnx"))
            {
                Calibration = AuditedFixture.Calibration(96),
                Lattices = [AuditedFixture.Int8],
                Indicators = [.. Indicator.OfEngine.Where(i => !i.IsDear)],
                Placebos = 3,
                Threads = threads,
                Evidence = new AuditEvidence { ReportPath = path },
            });
            return File.ReadAllText(path);
        }).ToList();
        Assert.AreEqual(files[0], files[1]);

        using var report = JsonDocument.Parse(files[0]);
        Assert.AreEqual(3, report.RootElement.GetProperty("placebos").GetInt32());
        Assert.IsFalse(report.RootElement.TryGetProperty("timings", out _), "a report holds no time");
        foreach (var indicator in report.RootElement.GetProperty("indicators").EnumerateArray())
        {
            Assert.AreEqual(3, indicator.GetProperty("placebos").GetArrayLength());
            Assert.IsTrue(indicator.GetProperty("pValue").GetDouble() is 0.25 or 0.5 or 0.75 or 1);
        }
    }
}
