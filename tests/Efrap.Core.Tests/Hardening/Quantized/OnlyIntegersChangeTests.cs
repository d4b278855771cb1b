using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Rounding;
using Google.Protobuf;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>But for the integers of matched weights, the hardened file is the quantized one, message by message.</summary>
[TestClass]
public sealed class OnlyIntegersChangeTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int8Weights)]
    [DataRow(Precision.Int4Weights)]
    public void Of_what_we_write(Precision precision)
    {
        var net = Nets.Residual(1);
        var quantized = Hardened.Of(net, precision, Solver.Nearest).Model;
        quantized.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = "a,b" });
        quantized.DocString = "kept";
        Check(RoundedAnew.Of(net.Build(), quantized), integers: 4);
    }

    [TestMethod]
    public void Of_operators_on_integers()
    {
        Check(RoundedAnew.Of(IntegerNet.Source().Build(), IntegerNet.OnFixedGrids().Build()), integers: 3);
        Check(RoundedAnew.Of(IntegerNet.Source().Build(), IntegerNet.AtRunTime().Build()), integers: 3);
    }

    // A weight may be the value of a Constant node in place of an initializer.
    [TestMethod]
    public void Of_constant_nodes()
    {
        var quantized = IntegerNet.OnFixedGrids().Build();
        var weight = quantized.Graph.Initializer.Single(i => i.Name == "third.weight_quantized");
        quantized.Graph.Initializer.Remove(weight);
        quantized.Graph.Node.Insert(0, new NodeProto
        {
            OpType = "Constant",
            Output = { weight.Name },
            Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = weight } },
        });
        Check(RoundedAnew.Of(IntegerNet.Source().Build(), quantized), integers: 3);
    }

    [TestMethod]
    [DataRow("ort-qdq")]
    [DataRow("ort-qoperator")]
    [DataRow("ort-dynamic")]
    public void Of_what_others_write(string form)
    {
        var attack = AttackMeasurement.Cifar10;
        var model = TestData.Shared($"models/cifar10-resnet8-pq-int8.{form}.onnx");
        using var folder = new TemporaryFolder();
        var output = folder.File("hardened.onnx");
        Harden.Run(
            new HardenOptions(model, output, attack.Calibration(TestData.Shared("data/cifar10-calibration.npz")) with { Samples = 64 })
            {
                SourcePath = TestData.Shared("models/cifar10-resnet8-pq-int8.onnx"),
            },
            cancellationToken: TestContext.CancellationToken);
        Check(ModelProto.Parser.ParseFrom(File.ReadAllBytes(model)), ModelProto.Parser.ParseFrom(File.ReadAllBytes(output)), integers: 10);
        Assert.HasCount((int)new FileInfo(model).Length, File.ReadAllBytes(output));
    }

    private static void Check(RoundedAnew result, int integers) => Check(result.Before.Proto, result.After.Proto, integers);

    private static void Check(ModelProto before, ModelProto after, int integers)
    {
        var changed = 0;
        foreach (var (old, now) in ModelTensors.Of(before).Tensors.Zip(ModelTensors.Of(after).Tensors, (a, b) => (a.Tensor, b.Tensor)))
        {
            if (old.Equals(now))
                continue;
            changed++;
            Assert.Contains("weight", old.Name);
            Assert.HasCount(old.RawData.Length, now.RawData.ToByteArray());
            Assert.IsLessThanOrEqualTo(8, ElementType.Bits((TensorProto.Types.DataType)old.DataType));
            old.RawData = ByteString.Empty;
            now.RawData = ByteString.Empty;
        }

        Assert.AreEqual(integers, changed);
        CollectionAssert.AreEqual(before.ToByteArray(), after.ToByteArray());
    }
}
