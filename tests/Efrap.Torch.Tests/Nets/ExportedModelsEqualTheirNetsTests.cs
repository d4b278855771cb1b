using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Measure;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Google.Protobuf;
using TorchSharp;

namespace Efrap.Torch.Tests.Nets;

[TestClass]
public sealed class ExportedModelsEqualTheirNetsTests : TorchTest
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    public void Folded_and_exported_a_trained_net_gives_the_same_logits(int count)
    {
        using var net = new ResidualNet(ShapeGeometry.Count);
        new CleanTraining(new TrainingPlan(1, 10, 20, 0.1)).Train(net, new SampleSource(new ShapeImages(1), SamplePurpose.Training));
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, count);
        using var batch = Batch.From(images);
        using var noGradient = torch.no_grad();
        using var expected = net.forward(batch.Inputs);
        using var folded = net.FoldBatchNormalization();
        using var classifier = new OnnxClassifier(ModelExport.ToOnnx(folded, "net").ToByteArray(), "net", ImageFormat.Shapes);
        var actual = classifier.Scores(images.Values);
        var logits = expected.data<float>().ToArray();
        Assert.HasCount(logits.Length, actual);
        for (var i = 0; i < logits.Length; i++)
            Assert.AreEqual(logits[i], actual[i], 1e-4f, $"logit {i}");
    }

    [TestMethod]
    public void The_model_is_what_the_fixtures_promise()
    {
        using var net = new ResidualNet(ShapeGeometry.Count);
        using var folded = net.FoldBatchNormalization();
        var model = ModelExport.ToOnnx(folded, "net");
        Assert.AreEqual(8, model.IrVersion);
        Assert.AreEqual(13, model.OpsetImport.Single().Version);
        Assert.AreEqual("input", model.Graph.Input.Single().Name);
        Assert.AreEqual("logits", model.Graph.Output.Single().Name);
        CollectionAssert.AreEquivalent(
            new[] { "Conv", "Relu", "Add", "GlobalAveragePool", "Flatten", "Gemm" },
            model.Graph.Node.Select(n => n.OpType).Distinct().ToArray());
    }

    [TestMethod]
    public void A_net_that_is_not_folded_is_not_exported()
    {
        using var net = new ResidualNet(ShapeGeometry.Count);
        Assert.ThrowsExactly<InvalidOperationException>(() => ModelExport.ToOnnx(net, "net"));
    }
}
