using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Measure;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Google.Protobuf;
using TorchSharp;

namespace Efrap.Torch.Tests.Nets;

[TestClass]
public sealed class ExportedModelsEqualTheirNetsTests : TorchTest
{
    [TestMethod]
    [DataRow(LabNets.Residual, 1)]
    [DataRow(LabNets.Residual, 7)]
    [DataRow(LabNets.Plain, 7)]
    [DataRow(LabNets.Separable, 7)]
    [DataRow(LabNets.Encoder, 1)]
    [DataRow(LabNets.Encoder, 7)]
    public void Folded_and_exported_a_trained_net_gives_the_same_logits(string name, int count)
    {
        using var net = LabNets.Make(name);
        var data = LabNets.DataFor(name);
        new CleanTraining(new TrainingPlan(1, 10, 20, 0.1)).Train(net, new SampleSource(data, SamplePurpose.Training));
        var samples = data.Draw(SamplePurpose.Test, 0, count);

        using var batch = Batch.From(samples);
        using var noGradient = torch.no_grad();
        using var expected = net.forward(batch.Inputs);
        using var folded = net.FoldBatchNormalization();
        using var classifier = new OnnxClassifier(ModelExport.ToOnnx(folded, "net").ToByteArray(), "net", data.Format);
        var actual = classifier.Scores(samples.Values);
        var logits = expected.data<float>().ToArray();
        Assert.HasCount(logits.Length, actual);
        for (var i = 0; i < logits.Length; i++)
            Assert.AreEqual(logits[i], actual[i], 1e-4f, $"logit {i}");
    }

    [TestMethod]
    [DataRow(LabNets.Residual)]
    [DataRow(LabNets.Plain)]
    [DataRow(LabNets.Separable)]
    [DataRow(LabNets.Encoder)]
    public void Every_weight_layer_is_one_that_the_engine_quantizes_and_the_other_way_round(string name)
    {
        using var net = LabNets.Make(name);
        using var folded = net.FoldBatchNormalization();
        using var folder = new TemporaryFolder();
        OnnxModelWriter.Write(ModelExport.ToOnnx(folded, "net"), folder["net.onnx"]);
        var plan = LayerPlanner.Plan(new ModelGraph(OnnxModelReader.Read(folder["net.onnx"])));
        CollectionAssert.AreEqual(
            folded.WeightLayers().Select(l => l.Name).ToArray(), plan.Layers.Select(l => l.Name).ToArray());
        foreach (var (layer, planned) in folded.WeightLayers().Zip(plan.Layers))
        {
            Assert.AreEqual(layer.Channels, planned.Weights.Rows, layer.Name);
            CollectionAssert.AreEqual(layer.Values(), planned.Weights.Values, layer.Name);
        }
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
    [DataRow(LabNets.Residual)]
    [DataRow(LabNets.Plain)]
    [DataRow(LabNets.Separable)]
    public void A_net_that_is_not_folded_is_not_exported(string name)
    {
        using var net = LabNets.Make(name);
        Assert.ThrowsExactly<InvalidOperationException>(() => ModelExport.ToOnnx(net, "net"));
    }
}
