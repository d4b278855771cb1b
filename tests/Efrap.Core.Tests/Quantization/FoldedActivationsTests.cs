using Efrap.Core.Onnx;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Relu and Clip behind a layer give way to a grid that saturates where they cut, if that does the same.</summary>
[TestClass]
public sealed class FoldedActivationsTests
{
    // What a net of two int8 convolutions may lose; measured 0.01 to 0.02.
    private const double SmallError = 0.04;

    [TestMethod]
    public void Relu_is_folded()
    {
        var hardened = Net(b => x => b.Node("Relu", [x]));
        AssertFolded(hardened, "Relu", true);
        Assert.AreEqual(0, hardened.Initializer(Stored(hardened).Input[2]).RawData[0], "negative values become zero by saturating");
    }

    [TestMethod]
    [DataRow(6)]
    [DataRow(11)]
    [DataRow(13)]
    public void Clip_around_zero_is_folded(int opset)
    {
        var hardened = Net(b => x => Clip(b, x, opset, -0.4f, 0.5f), Math.Max(opset, 7));
        AssertFolded(hardened, "Clip", true);
        Assert.AreEqual(0.9f / 255, TensorValues.ToSingles(hardened.Initializer(Stored(hardened).Input[1])).Single(), 1e-6f);
    }

    [TestMethod]
    public void Clip_at_zero_is_folded() => AssertFolded(Net(b => x => Clip(b, x, 13, 0, 0.5f)), "Clip", true);

    [TestMethod]
    public void Clip_above_zero_stays() => AssertFolded(Net(b => x => Clip(b, x, 13, 0.1f, 0.6f)), "Clip", false);

    [TestMethod]
    public void Clip_below_zero_stays() => AssertFolded(Net(b => x => Clip(b, x, 13, -0.6f, -0.1f)), "Clip", false);

    [TestMethod]
    public void Clip_with_computed_bounds_stays() => AssertFolded(
        Net(b => x => b.Node("Clip", [x, string.Empty, b.Node("ReduceMax", [x], ("keepdims", 0L))])), "Clip", false);

    [TestMethod]
    public void Relu_stays_where_its_input_is_read_elsewhere() =>
        AssertFolded(Net(b => x => b.Node("Add", [b.Node("Relu", [x]), x])), "Relu", false);

    [TestMethod]
    public void Relu_stays_where_its_input_is_an_output()
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Input("input", -1, 3, 8, 8), 3, 6);
        var y = b.Conv(b.Node("Relu", [x]), 6, 4);
        var hardened = Hardened.Of(b.Output(y, -1, 4, 8, 8).Output(x, -1, 6, 8, 8));
        AssertFolded(hardened, "Relu", false);
        Assert.IsLessThan(SmallError, hardened.RelativeError(output: 1));
        Assert.IsLessThan(0, hardened.Run()[1].Singles.Min(), "the output is the value before the cut");
    }

    [TestMethod]
    public void Relu_stays_where_a_subgraph_captures_its_input()
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Input("input", -1, 3, 8, 8), 3, 6);
        var relu = b.Node("Relu", [x]);
        var y = b.Node("Add", [b.Conv(relu, 6, 6), Subgraphs.IfAlways(b, x)]);
        AssertFolded(Hardened.Of(b.Output(y, -1, 6, 8, 8)), "Relu", false);
    }

    [TestMethod]
    public void Relu_behind_a_matrix_product_is_folded_where_another_one_reads_it()
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Gemm(b.Input("input", -1, 8), 8, 12, transposed: true)]);
        var y = b.Node("Relu", [b.Gemm(x, 12, 6, transposed: true)]);
        var hardened = Hardened.Of(b.Output(y, -1, 6));
        Assert.AreEqual(1, hardened.Operators().Count(o => o == "Relu"), "the last one has no reader to be quantized for");
        Assert.IsLessThan(SmallError, hardened.RelativeError());
    }

    private static Hardened Net(Func<ModelBuilder, Func<string, string>> activation, long opset = 13)
    {
        var b = new ModelBuilder(opset);
        var x = activation(b)(b.Conv(b.Input("input", -1, 3, 8, 8), 3, 6));
        return Hardened.Of(b.Output(b.Conv(x, 6, 4), -1, 4, 8, 8));
    }

    private static string Clip(ModelBuilder b, string x, int opset, float minimum, float maximum) => opset < 11
        ? b.Node("Clip", [x], ("min", minimum), ("max", maximum))
        : b.Node(
            "Clip",
            [x, b.Initializer(TensorValues.FromSingles("min", [], [minimum])), b.Initializer(TensorValues.FromSingles("max", [], [maximum]))]);

    private static void AssertFolded(Hardened hardened, string op, bool folded)
    {
        Assert.AreEqual(folded ? 0 : 1, hardened.Operators().Count(o => o == op));
        Assert.IsLessThan(SmallError, hardened.RelativeError());
    }

    // The QuantizeLinear that stands for the activation: the one that reads the first convolution.
    private static Core.Onnx.Proto.NodeProto Stored(Hardened hardened) =>
        hardened.Model.Graph.Node.Single(n => n.OpType == "QuantizeLinear" && n.Input[0].StartsWith("conv0", StringComparison.Ordinal));
}
