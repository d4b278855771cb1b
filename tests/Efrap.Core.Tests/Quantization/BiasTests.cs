using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Biases of int8 layers are int32 in steps of input scale times weight scale; elsewhere they stay as they are.</summary>
[TestClass]
public sealed class BiasTests
{
    [TestMethod]
    public void Are_stored_in_steps_of_input_scale_times_weight_scale()
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8)]);
        var hardened = Hardened.Of(b.Output(b.Conv(x, 8, 4), -1, 4, 6, 6));
        foreach (var layer in hardened.Plan.Layers)
        {
            var (codes, scales) = AssertInt32(hardened, layer);
            var node = hardened.Model.Graph.Node.Single(n => n.Name == layer.Name);
            var input = Scale(hardened, node.Input[0]).Single();
            var weights = Scale(hardened, node.Input[1]);
            for (var row = 0; row < layer.Weights.Rows; row++)
            {
                Assert.AreEqual(input * weights[row], scales[row]);
                Assert.AreEqual(layer.BiasValues![row], codes[row] * scales[row], 0.5001 * scales[row]);
            }
        }
    }

    // One channel's bias would take more than 31 bits on the scale that its weights ask for.
    [TestMethod]
    public void That_are_huge_do_not_overflow()
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 3, 6, 6);
        var weight = b.Initializer(TensorValues.FromSingles("w", [2, 3, 1, 1], [1e-6f, 2e-6f, -1e-6f, 0.5f, -0.4f, 0.3f]));
        var bias = b.Initializer(TensorValues.FromSingles("b", [2], [1e6f, -0.25f]));
        var hardened = Hardened.Of(b.Output(b.Node("Conv", [x, weight, bias]), -1, 2, 6, 6));
        var (codes, scales) = AssertInt32(hardened, hardened.Plan.Layers.Single());
        Assert.IsTrue(codes.All(c => Math.Abs(c) <= 1 << 30));
        Assert.AreEqual(1e6, codes[0] * (double)scales[0], 1);
        Assert.AreEqual(-0.25, codes[1] * (double)scales[1], 1e-4);
        Assert.IsLessThan(0.01, hardened.RelativeError());
    }

    [TestMethod]
    public void Of_rows_without_weights_survive()
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 3);
        var weight = b.Initializer(TensorValues.FromSingles("w", [2, 3], [0, 0, 0, 1, 2, 3]));
        var bias = b.Initializer(TensorValues.FromSingles("b", [2], [0.75f, 0]));
        var hardened = Hardened.Of(b.Output(b.Node("Gemm", [x, weight, bias], ("transB", 1L)), -1, 2));
        foreach (var row in hardened.Run()[0].Singles.Chunk(2))
            Assert.AreEqual(0.75f, row[0], 1e-4);
    }

    [TestMethod]
    [DataRow(new long[] { })]
    [DataRow(new long[] { 1 })]
    [DataRow(new long[] { 4 })]
    [DataRow(new long[] { 1, 4 })]
    [DataRow(new long[] { 1, 1 })]
    public void Of_Gemm_have_any_shape_that_broadcasts_over_rows(long[] shape)
    {
        foreach (var precision in new[] { Precision.Int8, Precision.Int8Weights })
        {
            var b = new ModelBuilder();
            var inputs = new[] { b.Input("input", -1, 6), b.Random("w", 0.4, 6, 4), b.Random("c", 1, shape) };
            var hardened = Hardened.Of(b.Output(b.Node("Gemm", inputs), -1, 4), precision);
            Assert.IsLessThan(0.02, hardened.RelativeError());
            if (precision == Precision.Int8)
                CollectionAssert.AreEqual(new[] { "QuantizeLinear", "QGemm" }, hardened.Optimized().Select(n => n.OpType).ToArray());
            else
                Assert.IsTrue(hardened.Model.Graph.Initializer.Any(i => i.Name == "c"));
        }
    }

    [TestMethod]
    public void Of_Gemm_that_differ_between_rows_of_the_output_leave_it_float()
    {
        var b = new ModelBuilder();
        var inputs = new[] { b.Input("input", 4, 6), b.Random("w", 0.4, 6, 4), b.Random("c", 1, 4, 1) };
        b.Output(b.Node("Gemm", inputs), 4, 4);
        StringAssert.Contains(LayerPlanner.Plan(new ModelGraph(b.Read())).Skipped.Single().Reason, "bias");
    }

    private static (int[] Codes, float[] Scales) AssertInt32(Hardened hardened, QuantizableLayer layer)
    {
        var node = hardened.Model.Graph.Node.Single(n => n.Name == layer.Name);
        var restored = hardened.Producer(node.Input[2])!;
        var stored = hardened.Initializer(restored.Input[0]);
        Assert.AreEqual(DataType.Int32, (DataType)stored.DataType);
        Assert.IsTrue(TensorValues.ToInt64s(hardened.Initializer(restored.Input[2])).All(z => z == 0));
        return (Array.ConvertAll(TensorValues.ToInt64s(stored), c => (int)c), TensorValues.ToSingles(hardened.Initializer(restored.Input[1])));
    }

    private static float[] Scale(Hardened hardened, string restored) =>
        TensorValues.ToSingles(hardened.Initializer(hardened.Producer(restored)!.Input[1]));
}
