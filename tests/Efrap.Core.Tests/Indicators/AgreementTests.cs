using Efrap.Core.Calibration;
using Efrap.Core.Indicators;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Inference;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class AgreementTests
{
    [TestMethod]
    public void A_backdoor_changes_more_classes_than_chance()
    {
        var result = AuditedFixture.TellsTheBackdoorFromRounding(new Agreement(), floor: 0.02);
        Assert.IsTrue(result.Interval!.Low < result.Statistic && result.Statistic < result.Interval.High);
    }

    [TestMethod]
    public void It_counts_the_samples_that_change_class()
    {
        var graph = new ModelGraph(OnnxModelReader.Read(TestData.Fixture("shapes-qcb-int8.onnx")));
        var samples = CalibrationSet.Load(AuditedFixture.Calibration(), ModelInputs.Of(graph));
        using var subject = new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, samples);
        var changed = Classes(graph, samples).Zip(Classes(RoundedModel.Quantized(subject, AuditedFixture.Int8), samples)).Count(p => p.First != p.Second);

        var result = AuditedFixture.Measure(new Agreement(), "shapes-qcb-int8.onnx", AuditedFixture.Int8);
        Assert.AreEqual(changed / 256.0, result.Statistic);
        Assert.AreEqual($"{changed} of 256 samples change class", result.Where);
    }

    private static List<int> Classes(ModelGraph graph, CalibrationSet samples)
    {
        var classes = new List<int>();
        for (var batch = 0; batch < samples.BatchCount; batch++)
        {
            var input = samples.GetBatch(batch)[0];
            var floats = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(input.Data).ToArray();
            classes.AddRange(OrtRun.Single(graph.Model.Proto, floats, [.. input.Shape]).Singles.Chunk(10).Select(row => Array.IndexOf(row, row.Max())));
        }

        return classes;
    }
}
