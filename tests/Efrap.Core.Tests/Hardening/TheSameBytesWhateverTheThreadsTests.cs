using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Hardening;

[TestClass]
public sealed class TheSameBytesWhateverTheThreadsTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int8Weights)]
    [DataRow(Precision.Int4Weights)]
    public void Model_and_report(Precision precision)
    {
        using var folder = new TemporaryFolder();
        var first = Run(folder, precision, threads: 1);
        var second = Run(folder, precision, threads: 2);
        var third = Run(folder, precision, threads: 2);

        CollectionAssert.AreEqual(first.Model, second.Model);
        CollectionAssert.AreEqual(first.Report, second.Report);
        CollectionAssert.AreEqual(second.Model, third.Model);
        CollectionAssert.AreEqual(second.Report, third.Report);
    }

    private (byte[] Model, byte[] Report) Run(TemporaryFolder folder, Precision precision, int threads)
    {
        var options = new HardenOptions(
            TestData.Fixture("shapes-qcb-int8.onnx"),
            folder.File("hardened.onnx"),
            AttackMeasurement.Shapes.Calibration(TestData.Fixture("shapes-calibration.npz")))
        {
            Precision = precision,
            Threads = threads,
            ReportPath = folder.File("report.json"),
        };
        Harden.Run(options, cancellationToken: TestContext.CancellationToken);
        return (File.ReadAllBytes(options.OutputPath), File.ReadAllBytes(options.ReportPath));
    }
}
