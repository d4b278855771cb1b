using Efrap.Core.Onnx;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Quantization.Reading;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>Each operator with integer weights, fed with a source whose weights lie anywhere between the points of its lattice.</summary>
[TestClass]
public sealed class EveryFormIsRoundedAnewTests
{
    [TestMethod]
    [DataRow("Conv", DataType.Int8, "tensor", false)]
    [DataRow("Conv", DataType.Uint8, "channel", false)]
    [DataRow("Conv", DataType.Int4, "channel", false)]
    [DataRow("Gemm", DataType.Int8, "channel", false)]
    [DataRow("Gemm", DataType.Uint8, "tensor", true)]
    [DataRow("Gemm", DataType.Uint4, "block", true)]
    [DataRow("MatMul", DataType.Int4, "tensor", false)]
    [DataRow("MatMul", DataType.Int8, "block", false)]
    public void Behind_DequantizeLinear(string op, DataType type, string granularity, bool transposed) =>
        Check(IntegerModel.Dequantized(op, type, granularity, transposed), outputIsRounded: false);

    [TestMethod]
    [DataRow("QLinearConv", DataType.Int8)]
    [DataRow("QLinearConv", DataType.Uint8)]
    [DataRow("QLinearMatMul", DataType.Int8)]
    [DataRow("QGemm", DataType.Int8)]
    public void On_fixed_grids(string op, DataType type) => Check(IntegerModel.Integer(op, type, perChannel: type == DataType.Int8), outputIsRounded: true);

    [TestMethod]
    [DataRow("ConvInteger", DataType.Int8, false)]
    [DataRow("ConvInteger", DataType.Uint8, true)]
    [DataRow("MatMulInteger", DataType.Int8, true)]
    [DataRow("MatMulInteger", DataType.Uint8, false)]
    [DataRow("DynamicQuantizeMatMul", DataType.Int8, true)]
    [DataRow("DynamicQuantizeMatMul", DataType.Uint8, false)]
    [DataRow("MatMulIntegerToFloat", DataType.Int8, true)]
    public void Quantized_at_run_time(string op, DataType type, bool perChannel) =>
        Check(IntegerModel.Integer(op, type, perChannel), outputIsRounded: false);

    [TestMethod]
    [DataRow(DataType.Uint4)]
    [DataRow(DataType.Uint8)]
    public void Packed_in_blocks(DataType type) => Check(IntegerModel.Integer("MatMulNBits", type, perChannel: true), outputIsRounded: false);

    private static void Check(OnnxModel quantized, bool outputIsRounded)
    {
        var before = QuantizedWeightReader.Read(new ModelGraph(quantized)).Tensors.Single();
        var result = RoundedAnew.Of(Source(before), quantized.Proto);
        var (match, layer) = (result.Matches().Single(), result.Report.Layers.Single());
        var (lattice, after) = (match.Tensor.LatticeOf(match.Layer.Weights), match.Tensor.SignedRows());
        for (var i = 0; i < after.Length; i++)
            Assert.IsTrue(after[i] == lattice.Floor[i] || (after[i] == lattice.Floor[i] + 1 && lattice.Movable[i]), $"code {i}");

        Assert.AreEqual(before.SignedRows().Zip(after).Count(c => c.First != c.Second) / (double)after.Length, layer.Found!.Changed);
        Assert.IsGreaterThan(0, layer.Found.Changed);
        Assert.AreEqual(0, layer.Found.OffLattice);
        Assert.IsLessThan(0.99, layer.Found.Nearest);
        Assert.IsLessThanOrEqualTo(layer.ActivationErrorNearest, layer.ActivationError);
        if (!outputIsRounded)
            Assert.AreEqual(layer.ActivationError, result.OutputError(layer.Rows), 0.01 * layer.ActivationError);
    }

    // Up to 0.9 steps from where the integers are, so that some of those are not the nearest.
    private static Core.Onnx.Proto.ModelProto Source(QuantizedTensor weight)
    {
        var random = new Random(3);
        var scales = weight.Weights.ToRows([.. Enumerable.Range(0, weight.Codes.Length).Select(weight.Grid.ScaleOf)]);
        var values = weight.Weights.Values.Zip(scales, (value, scale) => value + (scale * (float)((1.8 * random.NextDouble()) - 0.9))).ToArray();
        var b = new ModelBuilder();
        if (weight.Shape.Count > 2)
        {
            var w = b.Initializer(TensorValues.FromSingles("w", weight.Shape, values));
            return b.Output(b.Node("Conv", [b.Input("x", -1, 3, 5, 5), w]), -1, -1, -1, -1).Build();
        }

        var matrix = b.Initializer(TensorValues.FromSingles("w", [weight.Weights.Rows, weight.Weights.Columns], values));
        return b.Output(b.Node("Gemm", [b.Input("x", -1, weight.Weights.Columns), matrix], ("transB", 1L)), -1, weight.Weights.Rows).Build();
    }
}
