using Efrap.Core.Onnx;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>Models that ONNX Runtime's own quantizer wrote: all weights are read, matched, and found rounded to nearest.</summary>
[TestClass]
public sealed class ModelsOfOthersAreReadTests
{
    [TestMethod]
    [DataRow("clean", "ort-qdq")]
    [DataRow("clean", "ort-qoperator")]
    [DataRow("clean", "ort-dynamic")]
    [DataRow("pq-int8", "ort-qdq")]
    [DataRow("pq-int8", "ort-qoperator")]
    [DataRow("pq-int8", "ort-dynamic")]
    [DataRow("pq-int4", "nearest-int4")]
    public void Every_weight_is_its_sources_rounded_to_nearest(string model, string form)
    {
        var source = SourceModel.Match(
            OnnxModelReader.Read(TestData.Shared($"models/cifar10-resnet8-{model}.onnx")),
            OnnxModelReader.Read(TestData.Shared($"models/cifar10-resnet8-{model}.{form}.onnx")));
        var stored = form switch { "ort-qoperator" => StoredForm.QLinear, "ort-dynamic" => StoredForm.Dynamic, _ => StoredForm.DequantizeLinear };
        Assert.IsEmpty(source.Matches.Unmatched);
        CollectionAssert.AreEquivalent(source.Layers.Select(l => l.Weight).ToArray(), source.Matches.Matches.Select(m => m.Layer.Weight).ToArray());
        foreach (var match in source.Matches.Matches)
        {
            Assert.AreEqual((stored, MatchEvidence.Names), (match.Tensor.Form, match.By));
            Assert.AreEqual(form == "nearest-int4" ? 4 : 8, match.Tensor.Bits);
            Assert.IsGreaterThan(0.95, match.Likeness);
            var lattice = match.Tensor.LatticeOf(match.Layer.Weights);
            CollectionAssert.AreEqual(lattice.Codes(lattice.NearestUp), match.Tensor.SignedRows(), match.Layer.Name);
        }
    }

    [TestMethod]
    public void Weights_are_found_without_any_name()
    {
        var source = OnnxModelReader.Read(TestData.Shared("models/cifar10-resnet8-pq-int8.onnx"));
        foreach (var form in (string[])["ort-qdq", "ort-qoperator", "ort-dynamic"])
        {
            var quantized = OnnxModelReader.Read(TestData.Shared($"models/cifar10-resnet8-pq-int8.{form}.onnx"));
            Rename.Values(quantized.Proto, shuffle: false);
            var matched = SourceModel.Match(source, quantized).Matches;
            Assert.IsEmpty(matched.Unmatched, form);
            Assert.IsTrue(matched.Matches.All(m => m.By == MatchEvidence.Position && m.Likeness > 0.99), form);
        }
    }
}
