using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Tests.Inference;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class CorpusTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("mnist-8.onnx", 32)]
    [DataRow("magika-v3_3.onnx", 8)]
    [DataRow("ultraface-rfb-320.onnx", 1)]
    [DataRow("fastestdet.onnx", 1)]
    [DataRow("super-resolution-10.onnx", 1)]
    public void Models_of_others_do_not_fail_on_random_samples(string name, int samples)
    {
        var path = TestData.Shared($"corpus/{name}");
        using var folder = new TemporaryFolder();
        var report = Audit.Run(new AuditOptions(path)
        {
            Calibration = Samples.Write(folder, new ModelGraph(OnnxModelReader.Read(path)), samples),
            Lattices = [AuditedFixture.Int8],
            Placebos = 2,
            ProbeTime = TimeSpan.FromSeconds(5),
        });
        foreach (var result in report.Indicators)
            TestContext.WriteLine($"{result.Name} {result.Verdict} {result.Statistic} of {result.Threshold} {result.Where} {result.Reason}");
        Assert.AreNotEqual(Verdict.Fail, report.Verdict);
        Assert.AreNotEqual(Verdict.NotMeasured, report.Indicators.Single(i => i.Name == "activation-drift").Verdict, "every model has activations");
    }

    [TestMethod]
    [DataRow("squeezenet-fp16.onnx", EfrapCode.NothingToQuantize)]
    [DataRow("silero-vad-16k.onnx", EfrapCode.CalibrationMismatch)]
    public void What_cannot_be_audited_is_refused(string name, EfrapCode code)
    {
        var path = TestData.Shared($"corpus/{name}");
        using var folder = new TemporaryFolder();
        var calibration = Samples.Write(folder, new ModelGraph(OnnxModelReader.Read(path)), 4);
        Assert.AreEqual(code, Assert.Throws<EfrapException>(() => Audit.Run(new AuditOptions(path) { Calibration = calibration })).Code);
    }
}
