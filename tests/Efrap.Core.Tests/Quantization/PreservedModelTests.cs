using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization;

/// <summary>What callers rely on stays as it was: inputs, outputs, metadata, operator sets.</summary>
[TestClass]
public sealed class PreservedModelTests
{
    private static readonly Precision[] Precisions = [Precision.Int8, Precision.Int8Weights, Precision.Int4Weights];

    [TestMethod]
    public void Inputs_outputs_and_metadata()
    {
        foreach (var precision in Precisions)
        {
            var builder = Net(13);
            var model = builder.Build();
            model.ProducerName = "producer";
            model.ProducerVersion = "1.2";
            model.Domain = "example.org";
            model.ModelVersion = 7;
            model.DocString = "what the model is for";
            model.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = "cat,dog" });
            model.Graph.Name = "the graph";
            model.Graph.DocString = "what the graph is for";
            model.Graph.Input[0].DocString = "an image";
            model.Graph.Output[0].DocString = "scores";
            var before = model.Clone();

            var after = Hardened.Of(builder, precision).Model;
            Assert.AreEqual(before.Graph.Input[0], after.Graph.Input.Single());
            CollectionAssert.AreEqual(before.Graph.Output, after.Graph.Output);
            CollectionAssert.AreEqual(before.MetadataProps, after.MetadataProps);
            Assert.AreEqual(
                (before.ProducerName, before.ProducerVersion, before.Domain, before.ModelVersion, before.DocString),
                (after.ProducerName, after.ProducerVersion, after.Domain, after.ModelVersion, after.DocString));
            Assert.AreEqual((before.Graph.Name, before.Graph.DocString), (after.Graph.Name, after.Graph.DocString));
            Assert.AreEqual(before, model, "the original was changed");
        }
    }

    [TestMethod]
    [DataRow(Precision.Int8, 10, true)]
    [DataRow(Precision.Int8, 12, true)]
    [DataRow(Precision.Int8, 13, false)]
    [DataRow(Precision.Int8, 21, false)]
    [DataRow(Precision.Int8Weights, 8, true)]
    [DataRow(Precision.Int8Weights, 13, false)]
    [DataRow(Precision.Int4Weights, 8, true)]
    [DataRow(Precision.Int4Weights, 20, true)]
    [DataRow(Precision.Int4Weights, 21, false)]
    public void Operator_sets_but_for_the_one_that_is_needed(Precision precision, int opset, bool needsMicrosoft)
    {
        var builder = Net(opset);
        builder.Build().OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        var imports = Hardened.Of(builder, precision).Model.OpsetImport.ToDictionary(o => o.Domain, o => o.Version);
        var expected = new Dictionary<string, long> { [string.Empty] = opset, ["ai.onnx.ml"] = 2 };
        if (needsMicrosoft)
            expected["com.microsoft"] = 1;
        CollectionAssert.AreEquivalent(expected, imports);
    }

    [TestMethod]
    public void An_operator_set_that_is_there_already()
    {
        var builder = Net(11);
        builder.Build().OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        Assert.HasCount(2, Hardened.Of(builder).Model.OpsetImport);
    }

    [TestMethod]
    public void The_IR_version_where_it_suffices()
    {
        Assert.AreEqual(8, Hardened.Of(Net(13), Precision.Int8).Model.IrVersion);
        Assert.AreEqual(8, Hardened.Of(Net(13), Precision.Int8Weights).Model.IrVersion);
        Assert.AreEqual(10, Hardened.Of(Net(13), Precision.Int4Weights).Model.IrVersion, "the first with int4");
    }

    // Up to IR 3 initializers were inputs too, and a caller sees them as such.
    [TestMethod]
    public void Models_whose_initializers_are_inputs_keep_only_their_real_inputs()
    {
        foreach (var precision in Precisions)
        {
            var builder = Net(8, ir: 3);
            Assert.HasCount(9, builder.Build().Graph.Input);
            var hardened = Hardened.Of(builder, precision);
            Assert.AreEqual("input", hardened.Model.Graph.Input.Single().Name);
            Assert.IsGreaterThanOrEqualTo(4, hardened.Model.IrVersion);
            Assert.IsLessThan(precision == Precision.Int4Weights ? 0.5 : 0.05, hardened.RelativeError());
        }
    }

    // Value infos are hints; a stale one, of a value that is gone or has another type, makes a model invalid.
    [TestMethod]
    public void Value_infos_only_of_values_that_are_still_there()
    {
        var builder = Net(13);
        var model = builder.Build();
        foreach (var node in model.Graph.Node)
            model.Graph.ValueInfo.Add(ModelBuilder.Value(node.Output[0], DataType.Float, []));
        foreach (var info in model.Graph.ValueInfo)
            info.Type.TensorType.Shape = null;
        var hardened = Hardened.Of(builder);
        var produced = hardened.Model.Graph.Node.SelectMany(n => n.Output).ToHashSet();
        Assert.IsTrue(hardened.Model.Graph.ValueInfo.All(v => produced.Contains(v.Name)));
        Assert.IsLessThan(0.05, hardened.RelativeError());
    }

    private static ModelBuilder Net(int opset, long ir = 8)
    {
        var b = new ModelBuilder(opset, ir);
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8)]);
        x = b.Node("Relu", [b.Conv(x, 8, 8)]);
        x = b.Gemm(b.Node("Flatten", [b.Node("GlobalAveragePool", [x])]), 8, 6, transposed: true);
        var scores = b.Node("Add", [b.MatMul(x, 6, 4), b.Random("offset", 0.1, 4)]);
        return b.Output(scores, -1, 4);
    }
}
