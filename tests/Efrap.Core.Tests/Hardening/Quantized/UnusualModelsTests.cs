using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>Weights that are read by several nodes, come from elsewhere, lie off their lattice, or whose branches are in another order.</summary>
[TestClass]
public sealed class UnusualModelsTests
{
    // Its integers may not change for the layer alone.
    [TestMethod]
    public void Weights_that_something_else_reads_stay()
    {
        var quantized = IntegerNet.OnFixedGrids().Build();
        quantized.Graph.Node.Add(new NodeProto { OpType = "Identity", Input = { "third.weight_quantized" }, Output = { "alias" } });
        quantized.Graph.Node.Add(new NodeProto { OpType = "Cast", Name = "use", Input = { "alias" }, Output = { "floats" }, Attribute = { To(1) } });
        quantized.Graph.Node.Add(new NodeProto { OpType = "Mul", Name = "other", Input = { "floats", quantized.Graph.Output[0].Name }, Output = { "result" } });
        quantized.Graph.Node[^1].Input[1] = "factor";
        quantized.Graph.Node.Insert(0, new NodeProto { OpType = "ReduceMax", Input = { "input" }, Output = { "factor" } });
        quantized.Graph.Output.Add(ModelBuilder.Value("result", TensorProto.Types.DataType.Float, [-1, -1]));

        var result = RoundedAnew.Of(IntegerNet.Source().Build(), quantized);
        Assert.AreEqual("`other` (Mul) reads its integers, too", result.Report.Skipped.Single().Reason);
        Assert.HasCount(2, result.Report.Layers);
        Assert.AreEqual(Codes(result.Before, "third.weight_quantized"), Codes(result.After, "third.weight_quantized"));
    }

    [TestMethod]
    public void Weights_without_a_source_stay_and_are_listed()
    {
        var source = IntegerNet.Source().Build();
        var weight = source.Graph.Initializer.Single(i => i.Name == "second.weight");
        weight.RawData = TensorValues.FromSingles(string.Empty, weight.Dims, new ModelBuilder(seed: 9).Normal(TensorValues.ElementCount(weight), 0.2)).RawData;
        var result = RoundedAnew.Of(source, IntegerNet.AtRunTime().Build());
        StringAssert.Contains(result.Report.Skipped.Single().Reason, "its values have nothing in common with it");
        Assert.HasCount(2, result.Report.Layers);
        Assert.AreEqual(Codes(result.Before, "second.weight_quantized"), Codes(result.After, "second.weight_quantized"));
    }

    // One weight, two convolutions, behind DequantizeLinear of their own.
    [TestMethod]
    public void Weights_of_several_layers_are_rounded_once_for_the_first()
    {
        var source = Shared(quantized: false).Build();
        var result = RoundedAnew.Of(source, Shared(quantized: true).Build());
        Assert.HasCount(1, result.Report.Layers);
        Assert.IsEmpty(result.Report.Skipped);
        Assert.HasCount(2, result.Matches().Single().Tensor.Uses);
        Assert.IsTrue(result.Report.Notes.Any(n => n.StartsWith("weights that several nodes read: 1, first `w_quantized`", StringComparison.Ordinal)));
        Assert.IsGreaterThan(0, result.Report.Layers[0].Found!.Changed);
        AssertOnLattice(result);
    }

    [TestMethod]
    public void Integers_off_the_lattice_are_counted_and_replaced()
    {
        var quantized = IntegerNet.OnFixedGrids().Build();
        var codes = quantized.Graph.Initializer.Single(i => i.Name == "second.weight_quantized");
        var bytes = codes.RawData.ToByteArray();
        for (var i = 0; i < 7; i++)
            bytes[10 * i] = (byte)((sbyte)bytes[10 * i] > 0 ? bytes[10 * i] - 3 : bytes[10 * i] + 3);
        codes.RawData = Google.Protobuf.ByteString.CopyFrom(bytes);

        var result = RoundedAnew.Of(IntegerNet.Source().Build(), quantized);
        CollectionAssert.AreEqual(new long[] { 0, 7, 0 }, result.Report.Layers.Select(l => l.Found!.OffLattice).ToArray());
        Assert.AreEqual(1 - (7 / 72.0), result.Report.Layers[1].Found!.Nearest, 1e-9);
        Assert.IsTrue(result.Report.Notes.Any(n => n.StartsWith("7 integers in 1 of 3 layers were neither the floor nor the ceiling", StringComparison.Ordinal)));
        AssertOnLattice(result);
    }

    // Whoever wrote the quantized file may have sorted its branches in another order than the source's.
    [TestMethod]
    public void Branches_may_stand_in_another_order()
    {
        var expected = RoundedAnew.Of(Branches(quantized: false, "a", "b"), Branches(quantized: true, "a", "b"));
        var actual = RoundedAnew.Of(Branches(quantized: false, "b", "a"), Branches(quantized: true, "a", "b"));
        CollectionAssert.AreEqual(
            expected.Report.Layers.Select(l => (l.Name, l.Flips, l.ActivationError)).ToArray(),
            actual.Report.Layers.Select(l => (l.Name, l.Flips, l.ActivationError)).ToArray());
        Assert.HasCount(2, actual.Report.Layers);
        Assert.AreEqual(Codes(expected.After, "a_quantized"), Codes(actual.After, "a_quantized"));
        Assert.AreEqual(actual.Report.Layers[^1].ActivationErrorNearest, expected.Report.Layers[^1].ActivationErrorNearest);
    }

    private static void AssertOnLattice(RoundedAnew result)
    {
        foreach (var match in result.Matches())
            Assert.AreEqual(0, CodeCounts.Of(match.Tensor.LatticeOf(match.Layer.Weights), match.Tensor.SignedRows()).OffLattice);
    }

    private static ModelBuilder Shared(bool quantized)
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 3, 6, 6);
        var weight = quantized ? null : b.Random("w", 0.2, 3, 3, 3, 3);
        if (quantized)
            Store(b, Shared(quantized: false), "w");
        for (var i = 0; i < 2; i++)
            x = b.Node("Relu", [b.Node("Conv", [x, weight ?? Restore(b, "w")], ("pads", new[] { 1L, 1L, 1L, 1L }))]);
        return b.Output(x, -1, 3, 6, 6);
    }

    private static ModelProto Branches(bool quantized, params string[] order)
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 3, 6, 6);
        var drawn = new ModelBuilder();
        foreach (var name in (string[])["a", "b"])
            drawn.Random(name, 0.2, 3, 3, 3, 3);
        var sums = new Dictionary<string, string>();
        foreach (var name in order)
        {
            if (quantized)
                Store(b, drawn, name);
            else
                b.Initializer(drawn.Build().Graph.Initializer.Single(i => i.Name == name));
            sums[name] = b.Nodes("Conv", [x, quantized ? Restore(b, name) : name], [$"{name}.sum"], ("pads", new[] { 1L, 1L, 1L, 1L }))[0];
            b.Build().Graph.Node[^1].Name = $"conv.{name}";
        }

        return b.Output(b.Node("Add", [sums["a"], sums["b"]]), -1, 3, 6, 6).Build();
    }

    private static void Store(ModelBuilder b, ModelBuilder source, string name)
    {
        var values = TensorValues.ToSingles(source.Build().Graph.Initializer.Single(i => i.Name == name));
        var scale = values.Max(MathF.Abs) / 127;
        b.Initializer(TensorValues.FromInt8s($"{name}_quantized", [3, 3, 3, 3], [.. values.Select(v => (sbyte)MathF.Round(v / scale))]));
        b.Initializer(TensorValues.FromSingles($"{name}_scale", [], [scale]));
    }

    private static string Restore(ModelBuilder b, string name) => b.Node("DequantizeLinear", [$"{name}_quantized", $"{name}_scale"]);

    private static Google.Protobuf.ByteString Codes(OnnxModel model, string name) => model.Proto.Graph.Initializer.Single(i => i.Name == name).RawData;

    private static AttributeProto To(long type) => new() { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = type };
}
