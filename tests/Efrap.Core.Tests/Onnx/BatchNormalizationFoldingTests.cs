using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Tests.Inference;

namespace Efrap.Core.Tests.Onnx;

/// <summary>BatchNormalization disappears into the layer before it where that changes nothing, and stays where it would.</summary>
[TestClass]
public sealed class BatchNormalizationFoldingTests
{
    [TestMethod]
    [DataRow(1, false)]
    [DataRow(1, true)]
    [DataRow(2, false)]
    [DataRow(2, true)]
    [DataRow(8, true)]
    public void Into_a_convolution(int groups, bool bias) => AssertFolds(
        b => b.Normalization(b.Conv(b.Input("x", 2, 8, 5, 5), 8, 8, groups: groups, bias: bias), 8), [2, 8, 5, 5]);

    [TestMethod]
    public void Into_a_convolution_of_one_dimension() => AssertFolds(
        b => b.Normalization(b.Node("Conv", [b.Input("x", 2, 3, 9), b.Random("w", 0.5, 4, 3, 3)]), 4, ("epsilon", 0.1f)), [2, 3, 9]);

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Into_a_Gemm(bool transposed, bool bias) => AssertFolds(
        b => b.Normalization(b.Gemm(b.Input("x", 3, 6), 6, 4, transposed, bias), 4), [3, 6]);

    [TestMethod]
    public void Into_a_Gemm_with_one_bias_for_all() => AssertFolds(
        b => b.Normalization(b.Node("Gemm", [b.Input("x", 3, 6), b.Random("w", 0.4, 6, 4), b.Random("c", 1)]), 4), [3, 6]);

    [TestMethod]
    public void Into_a_product() => AssertFolds(b => b.Normalization(b.MatMul(b.Input("x", 3, 6), 6, 4), 4), [3, 6], left: "Add");

    [TestMethod]
    public void Into_layers_that_share_a_weight() => AssertFolds(
        b =>
        {
            var (x, w) = (b.Input("x", 2, 4, 3, 3), b.Random("w", 0.4, 4, 4, 1, 1));
            return b.Node("Add", [b.Normalization(b.Node("Conv", [x, w]), 4), b.Normalization(b.Node("Conv", [x, w]), 4)]);
        },
        [2, 4, 3, 3],
        left: "Add");

    [TestMethod]
    public void Into_weights_from_Constant_nodes_in_models_of_any_order()
    {
        var b = new ModelBuilder();
        var w = b.Node("Constant", [], ("value", TensorValues.FromSingles("t", [4, 3, 1, 1], b.Normal(12, 1))));
        var y = b.Normalization(b.Node("Conv", [b.Input("x", 1, 3, 2, 2), w]), 4);
        var nodes = b.Build().Graph.Node;
        var reversed = nodes.Reverse().ToList();
        nodes.Clear();
        nodes.AddRange(reversed);
        var folded = BatchNormalizationFolding.Fold(b.Output(y, 1, 4, 2, 2).Read());
        Assert.IsFalse(folded.Proto.Graph.Node.Any(n => n.OpType == "BatchNormalization"));
    }

    [TestMethod]
    public void Not_where_the_output_of_the_layer_is_read_elsewhere() => AssertStays(b =>
    {
        var x = b.Conv(b.Input("x", 2, 3, 5, 5), 3, 4);
        return b.Node("Add", [b.Normalization(x, 4), x]);
    });

    [TestMethod]
    public void Not_where_the_output_of_the_layer_is_an_output_of_the_graph() => AssertStays(b =>
    {
        var x = b.Conv(b.Input("x", 2, 3, 5, 5), 3, 4);
        b.Output(x, 2, 4, 5, 5);
        return b.Normalization(x, 4);
    });

    [TestMethod]
    public void Not_where_a_subgraph_captures_the_output_of_the_layer() => AssertStays(b =>
    {
        var x = b.Conv(b.Input("x", 2, 3, 5, 5), 3, 4);
        return b.Node("Add", [b.Normalization(x, 4), Subgraphs.IfAlways(b, x)]);
    });

    [TestMethod]
    public void Not_where_parameters_are_computed() => AssertStays(b =>
    {
        var x = b.Conv(b.Input("x", 2, 3, 5, 5), 3, 4);
        var scale = b.Node("ReduceMax", [x], ("axes", new long[] { 0, 2, 3 }), ("keepdims", 0L));
        return b.Node("BatchNormalization", [x, scale, b.Random("shift", 1, 4), b.Random("mean", 1, 4), Ones(b, "variance", 4)]);
    });

    // A product of three axes normalizes the middle one, which is not the one its weight's columns make.
    [TestMethod]
    public void Not_into_a_product_with_batches_in_front() =>
        AssertStays(b => b.Normalization(b.MatMul(b.Input("x", 2, 4, 6), 6, 4), 4), [2, 4, 6]);

    [TestMethod]
    public void Not_into_a_Gemm_that_scales_its_product() => AssertStays(
        b => b.Normalization(b.Node("Gemm", [b.Input("x", 3, 6), b.Random("w", 0.4, 6, 4)], ("alpha", 0.5f)), 4), [3, 6]);

    // As many rows as columns: a bias per row has as many values as there are channels.
    [TestMethod]
    public void Not_into_a_Gemm_whose_bias_differs_between_rows() => AssertStays(
        b => b.Normalization(b.Node("Gemm", [b.Input("x", 4, 6), b.Random("w", 0.4, 6, 4), b.Random("c", 1, 4, 1)]), 4), [4, 6]);

    [TestMethod]
    public void Not_where_the_variance_is_negative()
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Input("x", 1, 3, 4, 4), 3, 1);
        var variance = b.Initializer(TensorValues.FromSingles("variance", [1], [-1]));
        b.Output(b.Node("BatchNormalization", [x, Ones(b, "s", 1), Ones(b, "b", 1), Ones(b, "m", 1), variance]), 1, 1, 4, 4);
        var model = b.Read();
        Assert.AreEqual(1, BatchNormalizationFolding.Fold(model).Proto.Graph.Node.Count(n => n.OpType == "BatchNormalization"));
    }

    [TestMethod]
    public void Leaves_the_original_alone_and_returns_it_where_there_is_nothing_to_fold()
    {
        var b = new ModelBuilder();
        var model = b.Output(b.Normalization(b.Conv(b.Input("x", 1, 3, 4, 4), 3, 4), 4), 1, 4, 4, 4).Read();
        var before = model.Proto.Clone();
        BatchNormalizationFolding.Fold(model);
        Assert.AreEqual(before, model.Proto);

        var plain = Nets.Chain(1).Read();
        Assert.AreSame(plain, BatchNormalizationFolding.Fold(plain));
    }

    private static string Ones(ModelBuilder b, string name, int count) =>
        b.Initializer(TensorValues.FromSingles(name, [count], [.. Enumerable.Repeat(1f, count)]));

    private static void AssertFolds(Func<ModelBuilder, string> build, long[] shape, string? left = null)
    {
        var folded = Fold(build, shape);
        Assert.IsFalse(folded.Node.Any(n => n.OpType == "BatchNormalization"));
        Assert.IsEmpty(folded.Node.Select(n => n.OpType).Except(["Conv", "Gemm", "MatMul", left]));
    }

    private static void AssertStays(Func<ModelBuilder, string> build, long[]? shape = null) =>
        Assert.AreEqual(1, Fold(build, shape ?? [2, 3, 5, 5]).Node.Count(n => n.OpType == "BatchNormalization"));

    // Folds, and checks that all outputs are what they were.
    private static GraphProto Fold(Func<ModelBuilder, string> build, long[] shape)
    {
        var b = new ModelBuilder();
        var y = build(b);
        b.Output(y);
        b.Build().Graph.Output[^1].Type.TensorType.Shape = null;
        var folded = BatchNormalizationFolding.Fold(b.Read());
        var input = b.Normal(shape.Aggregate(1L, (p, q) => p * q), 1);
        var (expected, actual) = (OrtRun.Single(b.Build(), input, shape).Singles, OrtRun.Single(folded.Proto, input, shape).Singles);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-4);
        CollectionAssert.AreEqual(b.Build().Graph.Output, folded.Proto.Graph.Output);
        return folded.Proto.Graph;
    }
}
