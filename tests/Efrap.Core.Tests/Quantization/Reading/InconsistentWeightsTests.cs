using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization.Reading;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>A quantized model is input like any other: parts that contradict each other are refused by name.</summary>
[TestClass]
public sealed class InconsistentWeightsTests
{
    [TestMethod]
    [DataRow(new float[] { 1, 2, 3 }, "has 3 scales and 5 zero points")]
    [DataRow(new float[] { 1, 2, float.NaN, 4, 5 }, "negative or not finite")]
    [DataRow(new float[] { 1, 2, -3, 4, 5 }, "negative or not finite")]
    [DataRow(new float[] { 1, 2, float.PositiveInfinity, 4, 5 }, "negative or not finite")]
    public void Scales(float[] scales, string message)
    {
        var model = IntegerModel.Dequantized("Gemm", DataType.Int8, "channel");
        Replace(model, TensorValues.FromSingles("w_scale", [scales.Length], scales));
        Assert.Contains(message, Refuse(EfrapCode.TensorInconsistent, model));
    }

    [TestMethod]
    public void Scales_that_are_no_floats()
    {
        var model = IntegerModel.Dequantized("Gemm", DataType.Int8, "tensor");
        Replace(model, TensorValues.FromInt64s("w_scale", [], [1]));
        Assert.Contains("`w_scale` of `w_quantized` is int64", Refuse(EfrapCode.TensorInconsistent, model));
    }

    [TestMethod]
    public void Scales_and_zero_points_of_another_count_than_channels()
    {
        var model = IntegerModel.Integer("QLinearMatMul", DataType.Int8, perChannel: true);
        Replace(model, TensorValues.FromSingles("w_scale", [4], [1, 1, 1, 1]));
        Replace(model, TensorValues.FromInt8s("w_zero_point", [4], [0, 0, 0, 0]));
        Assert.Contains("has 4 scales along axis 1", Refuse(EfrapCode.TensorInconsistent, model));
    }

    [TestMethod]
    public void Zero_points_of_another_type()
    {
        var model = IntegerModel.Dequantized("Gemm", DataType.Int8, "tensor");
        Replace(model, TensorValues.FromUInt8s("w_zero_point", [], [1]));
        Assert.Contains("zero point of uint8", Refuse(EfrapCode.GraphInvalid, model));
    }

    [TestMethod]
    [DataRow("axis", 2)]
    [DataRow("axis", -3)]
    [DataRow("block_size", -1)]
    [DataRow("block_size", 7)]
    [DataRow("block_size", long.MaxValue)]
    public void Attributes_of_DequantizeLinear(string name, long value)
    {
        var model = IntegerModel.Dequantized("Gemm", DataType.Int4, "block");
        model.Proto.Graph.Node.Single(n => n.OpType == "DequantizeLinear").Attribute.Single(a => a.Name == name).I = value;
        Refuse(name == "axis" ? EfrapCode.GraphInvalid : EfrapCode.TensorInconsistent, model);
    }

    [TestMethod]
    [DataRow("K", 0)]
    [DataRow("K", long.MaxValue)]
    [DataRow("N", -1)]
    [DataRow("N", 1L << 31)]
    [DataRow("block_size", 0)]
    [DataRow("block_size", 1)]
    [DataRow("block_size", 1 << 30)]
    public void Attributes_of_MatMulNBits(string name, long value)
    {
        var model = IntegerModel.Integer("MatMulNBits", DataType.Uint4, perChannel: true);
        model.Proto.Graph.Node[^1].Attribute.Single(a => a.Name == name).I = value;
        Refuse(EfrapCode.GraphInvalid, model);
    }

    [TestMethod]
    [DataRow("K", 50)]
    [DataRow("N", 6)]
    [DataRow("bits", 8)]
    [DataRow("block_size", 32)]
    public void Bytes_of_MatMulNBits(string name, long value)
    {
        var model = IntegerModel.Integer("MatMulNBits", DataType.Uint4, perChannel: true);
        model.Proto.Graph.Node[^1].Attribute.Single(a => a.Name == name).I = value;
        Refuse(EfrapCode.TensorInconsistent, model);
    }

    [TestMethod]
    public void Groups_that_do_not_divide_the_channels()
    {
        var model = IntegerModel.Integer("QLinearConv", DataType.Int8, perChannel: true);
        var node = model.Proto.Graph.Node.Single(n => n.OpType == "QLinearConv");
        node.Attribute.Add(new AttributeProto { Name = "group", Type = AttributeProto.Types.AttributeType.Int, I = 4 });
        Assert.Contains("4 groups", Refuse(EfrapCode.GraphInvalid, model));
    }

    private static string Refuse(EfrapCode code, OnnxModel model) =>
        Refusal.Expect(code, () => QuantizedWeightReader.Read(new ModelGraph(model)));

    private static void Replace(OnnxModel model, TensorProto tensor)
    {
        var initializers = model.Proto.Graph.Initializer;
        initializers[initializers.IndexOf(initializers.Single(i => i.Name == tensor.Name))] = tensor;
    }
}
