using Efrap.Core.Tests.Hardening;
using Efrap.Core.Verification;

namespace Efrap.Core.Tests.Verification;

[TestClass]
public sealed class RoundingsOfOthersAreToldTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("pq-int8.ort-qdq", "pq-int8")]
    [DataRow("pq-int8.ort-qoperator", "pq-int8")]
    [DataRow("pq-int8.ort-dynamic", "pq-int8")]
    [DataRow("clean.ort-qdq", "clean")]
    [DataRow("clean.ort-qoperator", "clean")]
    [DataRow("clean.ort-dynamic", "clean")]
    [DataRow("pq-int4.nearest-int4", "pq-int4")]
    public void What_OnnxRuntime_wrote_is_nearest_and_efrap_once_rounded_anew(string model, string source)
    {
        var calibration = AttackMeasurement.Cifar10.Calibration(TestData.Shared("data/cifar10-calibration.npz")) with { Samples = 256 };
        var path = TestData.Shared($"models/cifar10-resnet8-{model}.onnx");
        var options = new VerifyOptions(path) { SourcePath = TestData.Shared($"models/cifar10-resnet8-{source}.onnx") };
        AllAre(RoundingKind.Nearest, options);
        AllAre(RoundingKind.Nearest, options with { Calibration = calibration });

        using var folder = new TemporaryFolder();
        var output = folder.File("hardened.onnx");
        Harden.Run(
            new HardenOptions(path, output, calibration with { Samples = null }) { SourcePath = options.SourcePath },
            cancellationToken: TestContext.CancellationToken);
        AllAre(RoundingKind.Efrap, new VerifyOptions(output) { SourcePath = options.SourcePath, Calibration = calibration with { Samples = null } });
    }

    private void AllAre(RoundingKind kind, VerifyOptions options)
    {
        var report = Verify.Run(options, cancellationToken: TestContext.CancellationToken);
        foreach (var t in report.Tensors)
            TestContext.WriteLine($"{t.Layer}: {t.Rounding}, {t.Evidence}; {t.Activations}");
        Assert.IsEmpty(report.Unverified);
        Assert.HasCount(10, report.Tensors);
        Assert.AreEqual(kind, report.Verdict);
        Assert.IsTrue(report.Tensors.All(t => t.Rounding == kind));
    }
}
