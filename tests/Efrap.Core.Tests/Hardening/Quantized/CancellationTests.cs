using Efrap.Core.Onnx;
using Efrap.Core.Tests.Inference;

namespace Efrap.Core.Tests.Hardening.Quantized;

[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    [DataRow("measuring")]
    [DataRow("layer")]
    [DataRow("writing")]
    public void Leaves_no_output_and_no_temporary_file(string step)
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFiles();
        using var cancellation = new CancellationTokenSource();
        var quantized = IntegerNet.OnFixedGrids().Build();
        OnnxModelWriter.Write(quantized, folder.File("quantized.onnx"));
        OnnxModelWriter.Write(IntegerNet.Source().Build(), folder.File("source.onnx"));
        var options = new HardenOptions(
            folder.File("quantized.onnx"), folder.File("hardened.onnx"), Samples.Write(folder, new ModelGraph(new OnnxModel(quantized, "quantized.onnx"))))
        {
            SourcePath = folder.File("source.onnx"),
            ReportPath = folder.File("report.json"),
        };
        var before = folder.Content();
        var steps = new List<string>();
        var progress = new Told(p =>
        {
            steps.Add(p.Step);
            if (p.Step == step)
                cancellation.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => Harden.Run(options, progress, cancellation.Token));
        Assert.AreEqual(1, steps.Count(s => s == step), "it went on after it was cancelled");
        CollectionAssert.AreEqual(before, folder.Content());
        Assert.AreEqual(0, files.Open());

        Harden.Run(options, progress: null);
        Assert.HasCount(before.Length + 2, folder.Content());
    }

    private sealed class Told(Action<HardenProgress> tell) : IProgress<HardenProgress>
    {
        public void Report(HardenProgress value) => tell(value);
    }
}
