using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using Microsoft.ML.OnnxRuntime;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization;

/// <summary>
/// Weights are stored as integers of the precision, in half or a quarter of the bytes and less, and mean codes times
/// scale, in models of every operator set that ONNX Runtime runs.
/// </summary>
[TestClass]
public sealed class StoredWeightsTests
{
    [TestMethod]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(11)]
    [DataRow(13)]
    [DataRow(17)]
    [DataRow(20)]
    [DataRow(21)]
    [DataRow(23)]
    public void As_int4(int opset) => AssertStored(opset, Precision.Int4Weights, DataType.Int4);

    [TestMethod]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(11)]
    [DataRow(12)]
    [DataRow(13)]
    [DataRow(17)]
    [DataRow(21)]
    [DataRow(23)]
    public void As_int8(int opset) => AssertStored(opset, Precision.Int8Weights, DataType.Int8);

    // An odd number of values fills its last byte by half.
    [TestMethod]
    public void As_int4_of_an_odd_count()
    {
        var b = new ModelBuilder();
        b.Output(b.Gemm(b.Input("input", -1, 5), 5, 3, transposed: true), -1, 3);
        AssertStored(Hardened.Of(b, Precision.Int4Weights, Solver.Nearest), DataType.Int4);
    }

    private static void AssertStored(int opset, Precision precision, DataType type)
    {
        var b = new ModelBuilder(opset);
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8)]);
        x = b.Node("Relu", [b.Conv(x, 8, 8, groups: 2)]);
        x = b.Node("Flatten", [b.Node("GlobalAveragePool", [b.Conv(x, 8, 8, groups: 8)])]);
        x = b.Gemm(b.Gemm(x, 8, 6, transposed: true), 6, 6, transposed: false);
        b.Output(b.MatMul(x, 6, 4), -1, 4);

        // Nearest rounding, so that the values are known; the budgeted one is stored by the same steps.
        var hardened = Hardened.Of(b, precision, Solver.Nearest);
        Assert.HasCount(6, hardened.Plan.Layers);
        AssertStored(hardened, type);
    }

    private static void AssertStored(Hardened hardened, DataType type)
    {
        var exact = hardened.Graph.Model.Proto.Clone();
        foreach (var layer in hardened.Plan.Layers)
        {
            var restored = hardened.Producer(hardened.Model.Graph.Node.Single(n => n.Name == layer.Name).Input[1])!;
            Assert.AreEqual("DequantizeLinear", restored.OpType);
            var stored = hardened.Initializer(restored.Input[0]);
            Assert.AreEqual(type, (DataType)stored.DataType);
            var original = exact.Graph.Initializer.Single(i => i.Name == layer.Weight);
            CollectionAssert.AreEqual(original.Dims, stored.Dims);
            var bits = type == DataType.Int4 ? 4 : 8;
            Assert.AreEqual(((layer.Weights.Values.Length * bits) + 7) / 8, stored.RawData.Length);
            Assert.IsFalse(hardened.Model.Graph.Initializer.Any(i => i.Name == layer.Weight), "the float weight is still there");

            var lattice = WeightLattice.PerChannel(layer.Weights, bits);
            var codes = layer.Weights.ToTensor(lattice.Codes(lattice.NearestUp));
            CollectionAssert.AreEqual(codes.Select(c => (long)c).ToArray(), TensorValues.ToInt64s(stored));
            CollectionAssert.AreEqual(lattice.Scales, TensorValues.ToSingles(hardened.Initializer(restored.Input[1])));
            var values = layer.Weights.ToTensor(
                lattice.Codes(lattice.NearestUp).Select((c, i) => c * lattice.Scales[i / layer.Weights.Columns]).ToArray());
            original.RawData = TensorValues.FromSingles("w", original.Dims, values).RawData;
        }

        // The original model with those weights gives what the hardened model gives.
        var expected = hardened.Run(exact, AsWritten)[0].Singles;
        var actual = hardened.Run(hardened.Model, AsWritten)[0].Singles;
        var size = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5 * size);
        Assert.IsLessThan(type == DataType.Int4 ? 0.5 : 0.05, hardened.RelativeError());
    }

    // Left to itself, ONNX Runtime puts MatMulNBits in place of a product with stored integers, which rounds activations.
    private static void AsWritten(SessionOptions options) => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
}
