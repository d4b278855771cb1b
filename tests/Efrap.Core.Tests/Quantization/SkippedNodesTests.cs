using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization;

/// <summary>What stays float is listed with its reason, and the model around it still hardens.</summary>
[TestClass]
public sealed class SkippedNodesTests
{
    [TestMethod]
    public void A_weight_that_is_computed() => AssertSkipped("computed", (b, x) => b.Node("MatMul", [x, b.Node("Transpose", [x])]));

    [TestMethod]
    public void A_weight_of_half_precision() => AssertSkipped("float16", (b, x) =>
    {
        var halves = new TensorProto { Name = "half", DataType = (int)DataType.Float16, Dims = { 8, 8 }, Int32Data = { new int[64] } };
        var product = b.Node("MatMul", [b.Node("Cast", [x], ("to", (long)DataType.Float16)), b.Initializer(halves)]);
        return b.Node("Cast", [product], ("to", (long)DataType.Float));
    });

    [TestMethod]
    public void A_transposed_input() => AssertSkipped(
        "transA", (b, x) => b.Node("Gemm", [b.Node("Transpose", [x]), b.Random("w", 0.3, 8, 8)], ("transA", 1L)));

    [TestMethod]
    public void An_alpha_that_is_not_one() => AssertSkipped("alpha", (b, x) => b.Node("Gemm", [x, b.Random("w", 0.3, 8, 8)], ("alpha", 0.5f)));

    [TestMethod]
    public void A_beta_that_is_not_one() =>
        AssertSkipped("beta", (b, x) => b.Node("Gemm", [x, b.Random("w", 0.3, 8, 8), b.Random("c", 1, 8)], ("beta", 0.5f)));

    [TestMethod]
    public void A_bias_that_is_computed() => AssertSkipped(
        "bias", (b, x) => b.Node("Gemm", [x, b.Random("w", 0.3, 8, 8), b.Node("ReduceMax", [x], ("axes", new[] { 0L }))]));

    [TestMethod]
    public void A_left_side_that_is_constant() => AssertSkipped(
        "left side", (b, x) => b.Node("Transpose", [b.Node("MatMul", [b.Random("w", 0.3, 8, 8), b.Node("Transpose", [x])])]));

    [TestMethod]
    public void An_input_that_is_constant()
    {
        var b = new ModelBuilder();
        var constant = b.Node("MatMul", [b.Random("left", 1, 1, 8), b.Random("right", 1, 8, 8)]);
        AssertSkipped(b, b.Node("Add", [b.MatMul(b.Input("input", -1, 8), 8, 8), constant]), "input is constant", "MatMul");
    }

    [TestMethod]
    public void An_input_that_is_sparse() => AssertSkipped("input is constant", (b, x) =>
    {
        b.Build().Graph.SparseInitializer.Add(new SparseTensorProto
        {
            Values = TensorValues.FromSingles("sparse", [1], [2]),
            Indices = TensorValues.FromInt64s("at", [1], [3]),
            Dims = { 1, 8 },
        });
        return b.Node("Add", [x, b.Node("MatMul", ["sparse", b.Random("w", 0.3, 8, 8)])]);
    });

    [TestMethod]
    public void A_weight_with_more_than_two_axes() => AssertSkipped("not a matrix", (b, x) => b.Node(
        "Squeeze",
        [b.Node("MatMul", [x, b.Random("w", 0.3, 1, 8, 8)]), b.Initializer(TensorValues.FromInt64s("axes", [1], [0]))]));

    [TestMethod]
    public void A_weight_that_is_not_finite() => AssertSkipped("NaN", (b, x) =>
    {
        var weight = TensorValues.FromSingles("w", [8, 8], [.. Enumerable.Range(0, 64).Select(i => i == 5 ? float.NaN : 1f)]);
        return b.Node("Where", [b.Node("IsNaN", [x]), b.Node("MatMul", [x, b.Initializer(weight)]), x]);
    });

    [TestMethod]
    public void A_recurrent_layer() => AssertSkipped("LSTM", (b, x) =>
    {
        var sequence = b.Node("Unsqueeze", [x, b.Initializer(TensorValues.FromInt64s("first", [1], [0]))]);
        var states = b.Nodes("LSTM", [sequence, b.Random("lw", 0.3, 1, 32, 8), b.Random("lr", 0.3, 1, 32, 8)], ["states"], ("hidden_size", 8L));
        return b.Node("Squeeze", [states[0], b.Initializer(TensorValues.FromInt64s("two", [2], [0, 1]))]);
    });

    [TestMethod]
    public void A_transposed_convolution() => AssertSkipped("ConvTranspose", (b, x) =>
    {
        var plane = b.Node("Unsqueeze", [x, b.Initializer(TensorValues.FromInt64s("last", [2], [2, 3]))]);
        var y = b.Node("ConvTranspose", [plane, b.Random("tw", 0.3, 8, 8, 1, 1)]);
        return b.Node("Flatten", [y]);
    });

    [TestMethod]
    public void Layers_inside_a_branch()
    {
        var b = new ModelBuilder();
        var x = b.MatMul(b.Input("input", -1, 8), 8, 8);
        b.Random("inner", 0.3, 8, 8);
        var y = Subgraphs.IfAlways(b, x);
        var then = b.Build().Graph.Node[^1].Attribute[0].G.Node[0];
        (then.OpType, then.Input[1], then.Name) = ("MatMul", "inner", "hidden");
        AssertSkipped(b, y, "inside a subgraph of If", "MatMul");
    }

    // A branch in a branch; the name of a node that has none says where it is.
    [TestMethod]
    public void Layers_inside_a_branch_of_a_branch()
    {
        var b = new ModelBuilder();
        var x = b.MatMul(b.Input("input", -1, 8), 8, 8);
        b.Random("inner", 0.3, 8, 8);
        Subgraphs.IfAlways(b, x);
        var nodes = b.Build().Graph.Node;
        var deep = nodes[^1].Clone();
        (deep.Attribute[0].G.Node[0].OpType, deep.Attribute[0].G.Node[0].Input[1]) = ("MatMul", "inner");
        foreach (var branch in deep.Attribute.Select(a => a.G))
            branch.Node[0].Output[0] = branch.Output[0].Name = $"deep_{branch.Name}";
        deep.Output[0] = "deep";
        var outer = nodes[^1].Attribute[0].G;
        outer.Node.Clear();
        outer.Node.Add(deep);
        outer.Output[0].Name = "deep";
        AssertSkipped(b, nodes[^1].Output[0], "inside a subgraph", "MatMul");
    }

    [TestMethod]
    public void Nothing_where_everything_is_quantized()
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Normalization(b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4), 4)]);
        var y = b.Node("Add", [b.Node("Mul", [x, b.Random("factors", 1, 1, 4, 1, 1)]), b.Random("offsets", 1, 1, 4, 6, 6)]);
        var hardened = Hardened.Of(b.Output(b.Conv(y, 4, 2), -1, 2, 6, 6));
        Assert.HasCount(2, hardened.Plan.Layers);
        Assert.IsEmpty(hardened.Plan.Skipped);
    }

    private static void AssertSkipped(string reason, Func<ModelBuilder, string, string> build)
    {
        var b = new ModelBuilder();
        AssertSkipped(b, build(b, b.MatMul(b.Input("input", 8, 8), 8, 8)), reason, null);
    }

    private static void AssertSkipped(ModelBuilder b, string output, string reason, string? op)
    {
        foreach (var precision in new[] { Precision.Int8, Precision.Int8Weights })
        {
            // A layer behind it: what is skipped must not break the chain.
            var clone = new ModelBuilder(b);
            var hardened = Hardened.Of(clone.Output(clone.MatMul(output, 8, 8), -1, 8), precision);
            Assert.HasCount(2, hardened.Plan.Layers);
            var skipped = hardened.Plan.Skipped.Single();
            StringAssert.Contains(skipped.Reason, reason);
            Assert.IsFalse(string.IsNullOrWhiteSpace(skipped.Name) || skipped.Name.EndsWith('/'), skipped.Name);
            if (op is not null)
                Assert.AreEqual(op, skipped.Operator);
            Assert.IsLessThan(0.05, hardened.RelativeError());
        }
    }
}
