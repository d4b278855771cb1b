using Efrap.Core.Onnx;
using Efrap.Core.Quantization.Reading;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization.Reading;

[TestClass]
public sealed class ReadWeightsAreWhatOnnxRuntimeMultipliesTests
{
    [TestMethod]
    [DataRow("Conv", DataType.Int8, "tensor", false)]
    [DataRow("Conv", DataType.Uint8, "channel", false)]
    [DataRow("Conv", DataType.Int4, "channel", false)]
    [DataRow("Gemm", DataType.Int8, "channel", false)]
    [DataRow("Gemm", DataType.Int8, "channel", true)]
    [DataRow("Gemm", DataType.Uint8, "tensor", true)]
    [DataRow("Gemm", DataType.Uint4, "channel", false)]
    [DataRow("Gemm", DataType.Int4, "block", false)]
    [DataRow("Gemm", DataType.Uint4, "block", true)]
    [DataRow("MatMul", DataType.Int4, "tensor", false)]
    [DataRow("MatMul", DataType.Uint8, "channel", false)]
    [DataRow("MatMul", DataType.Int8, "block", false)]
    public void Behind_DequantizeLinear(string op, DataType type, string granularity, bool transposed) =>
        Check(IntegerModel.Dequantized(op, type, granularity, transposed), op, StoredForm.DequantizeLinear, type);

    [TestMethod]
    [DataRow("Conv", DataType.Int8, "channel")]
    [DataRow("Gemm", DataType.Int4, "channel")]
    [DataRow("MatMul", DataType.Uint4, "tensor")]
    public void Behind_DequantizeLinear_of_ONNX_Runtime_itself(string op, DataType type, string granularity) =>
        Check(IntegerModel.Dequantized(op, type, granularity, contrib: true), op, StoredForm.DequantizeLinear, type);

    [TestMethod]
    [DataRow("QLinearConv", DataType.Int8, true, false)]
    [DataRow("QLinearConv", DataType.Uint8, false, false)]
    [DataRow("QLinearMatMul", DataType.Int8, true, false)]
    [DataRow("QLinearMatMul", DataType.Uint8, false, false)]
    [DataRow("QGemm", DataType.Int8, true, true)]
    [DataRow("QGemm", DataType.Int8, true, false)]
    [DataRow("QGemm", DataType.Uint8, false, true)]
    public void In_operators_on_fixed_grids(string op, DataType type, bool perChannel, bool transposed) =>
        Check(IntegerModel.Integer(op, type, perChannel, transposed), op, StoredForm.QLinear, type);

    [TestMethod]
    [DataRow("ConvInteger", DataType.Int8, false)]
    [DataRow("ConvInteger", DataType.Uint8, true)]
    [DataRow("MatMulInteger", DataType.Int8, true)]
    [DataRow("MatMulInteger", DataType.Uint8, false)]
    [DataRow("DynamicQuantizeMatMul", DataType.Int8, true)]
    [DataRow("DynamicQuantizeMatMul", DataType.Uint8, false)]
    [DataRow("MatMulIntegerToFloat", DataType.Int8, true)]
    [DataRow("MatMulIntegerToFloat", DataType.Uint8, false)]
    public void In_operators_that_quantize_at_run_time(string op, DataType type, bool perChannel) =>
        Check(IntegerModel.Integer(op, type, perChannel), op, StoredForm.Dynamic, type);

    [TestMethod]
    [DataRow(DataType.Uint4)]
    [DataRow(DataType.Uint8)]
    public void Packed_in_blocks(DataType type) =>
        Check(IntegerModel.Integer("MatMulNBits", type, perChannel: true), "MatMulNBits", StoredForm.Blocks, type);

    private static void Check(OnnxModel model, string op, StoredForm form, DataType type)
    {
        var read = QuantizedWeightReader.Read(new ModelGraph(model));
        Assert.IsEmpty(read.Unread, string.Join("; ", read.Unread.Select(u => u.Reason)));
        var weight = read.Tensors.Single();
        Assert.AreEqual((form, type, op), (weight.Form, weight.CodeType, weight.Uses.Single().Operator));
        Assert.StartsWith("w_", weight.CodesName);
        Assert.AreEqual("w_scale", weight.ScaleName);
        Assert.StartsWith("w_zero_point", weight.ZeroPointName);

        var (expected, actual) = (IntegerModel.Expected(weight), IntegerModel.Run(model));
        Assert.HasCount(expected.Length, actual);
        Assert.IsGreaterThan(0.05f, expected.Max(MathF.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], IntegerModel.Tolerance(op), $"value {i}");
    }
}
