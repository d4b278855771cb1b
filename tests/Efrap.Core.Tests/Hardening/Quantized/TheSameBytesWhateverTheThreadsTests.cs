using Efrap.Core.Onnx;
using Efrap.Core.Tests.Inference;

namespace Efrap.Core.Tests.Hardening.Quantized;

[TestClass]
public sealed class TheSameBytesWhateverTheThreadsTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Model_and_report(bool atRunTime)
    {
        using var folder = new TemporaryFolder();
        var quantized = (atRunTime ? IntegerNet.AtRunTime() : IntegerNet.OnFixedGrids()).Build();
        OnnxModelWriter.Write(quantized, folder.File("quantized.onnx"));
        OnnxModelWriter.Write(IntegerNet.Source().Build(), folder.File("source.onnx"));
        var calibration = Samples.Write(folder, new ModelGraph(new OnnxModel(quantized, "quantized.onnx")), 200);
        var (first, second, third) = (Run(1), Run(2), Run(3));

        CollectionAssert.AreEqual(first.Model, second.Model);
        CollectionAssert.AreEqual(first.Report, second.Report);
        CollectionAssert.AreEqual(second.Model, third.Model);
        CollectionAssert.AreEqual(second.Report, third.Report);

        (byte[] Model, byte[] Report) Run(int threads)
        {
            var options = new HardenOptions(folder.File("quantized.onnx"), folder.File("hardened.onnx"), calibration)
            {
                SourcePath = folder.File("source.onnx"),
                ReportPath = folder.File("report.json"),
                Threads = threads,
            };
            Harden.Run(options);
            return (File.ReadAllBytes(options.OutputPath), File.ReadAllBytes(options.ReportPath));
        }
    }
}
