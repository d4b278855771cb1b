using Efrap.Core.Onnx;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class QuantizationTests : OperatorTest
{
    [TestMethod]
    [DataRow("QuantizeLinear", 13L)]
    [DataRow("QuantizeLinear", 21L)]
    [DataRow("com.microsoft:QuantizeLinear", 13L)]
    public void Quantization_rounds_half_to_even_and_saturates(string op, long opset)
    {
        var x = torch.arange(-100, 100, 0.25, torch.ScalarType.Float32);
        AssertAgrees(op, opset, DataType.Uint8, 1, [x, Scalar(0.5f), TensorValues.FromUInt8s(string.Empty, [], [128])]);
        AssertAgrees(op, opset, DataType.Int8, 1, [x, Scalar(0.5f), TensorValues.FromInt8s(string.Empty, [], [-3])]);
        AssertAgrees(op, opset, DataType.Int8, 1, [Normal(4, 30), Scalar(0.01f), TensorValues.FromInt8s(string.Empty, [], [0])]);
        AssertAgrees(
            op, opset, DataType.Uint8, 1,
            [torch.tensor(new[] { float.PositiveInfinity, float.NegativeInfinity, 1e30f }), Scalar(0.5f), TensorValues.FromUInt8s(string.Empty, [], [3])]);
    }

    [TestMethod]
    public void Quantization_without_zero_point() => AssertAgrees("QuantizeLinear", 13, DataType.Uint8, 1, [Normal(4, 30), Scalar(0.02f)]);

    [TestMethod]
    public void Quantization_along_an_axis() => AssertAgrees(
        "QuantizeLinear", 13, DataType.Int8, 1,
        [Normal(4, 3, 5), Floats(0.1f, 0.02f, 0.03f), TensorValues.FromInt8s(string.Empty, [3], [0, 5, -9])],
        ("axis", -2L));

    [TestMethod]
    [DataRow("DequantizeLinear")]
    [DataRow("com.microsoft:DequantizeLinear")]
    public void Dequantization(string op)
    {
        var codes = TensorValues.FromInt8s(string.Empty, [2, 3], [-128, 127, 0, 5, -7, 1]);
        AssertAgrees(op, 13, [codes, Scalar(0.3f), TensorValues.FromInt8s(string.Empty, [], [4])]);
        AssertAgrees(op, 13, [codes, Floats(0.3f, 2), TensorValues.FromInt8s(string.Empty, [2], [4, -128])], ("axis", 0L));
        AssertAgrees(op, 13, [torch.randint(0, 255, [4, 5], torch.ScalarType.Byte), Scalar(0.3f), TensorValues.FromUInt8s(string.Empty, [], [200])]);
        AssertAgrees(op, 13, [TensorValues.FromInt32s(string.Empty, [3], [1 << 20, -5, 0]), Scalar(0.3f)]);
    }

    [TestMethod]
    public void Dequantization_of_four_bits()
    {
        var codes = TensorValues.FromInt4s(string.Empty, [2, 3], [-8, 7, 0, 5, -7, 1]);
        AssertAgrees("DequantizeLinear", 21, [codes, Floats(0.3f, 2), TensorValues.FromInt4s(string.Empty, [2], [1, -2])], ("axis", 0L));
        var unsigned = TensorValues.FromUInt4s(string.Empty, [2, 3], [8, 15, 0, 5, 7, 1]);
        AssertAgrees("DequantizeLinear", 21, [unsigned, Scalar(0.3f), TensorValues.FromUInt4s(string.Empty, [], [8])]);
    }

    [TestMethod]
    public void Dequantization_in_blocks()
    {
        var codes = TensorValues.FromInt8s(string.Empty, [2, 6], [-8, 7, 0, 5, -7, 1, 3, 2, 1, 9, 8, 7]);
        var scales = TensorValues.FromSingles(string.Empty, [2, 3], [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f]);
        AssertAgrees("DequantizeLinear", 21, [codes, scales], ("axis", 1L), ("block_size", 2L));
    }
}
