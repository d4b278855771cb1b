using Efrap.Core.Onnx;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>ONNX Runtime takes every layer of an int8 model with an integer kernel, whatever the model's operator set.</summary>
[TestClass]
public sealed class IntegerKernelsTests
{
    private static readonly string[] FloatLayers = ["Conv", "FusedConv", "Gemm", "FusedGemm", "MatMul", "FusedMatMul"];

    [TestMethod]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(10)]
    [DataRow(11)]
    [DataRow(12)]
    [DataRow(13)]
    [DataRow(15)]
    [DataRow(17)]
    [DataRow(21)]
    [DataRow(23)]
    public void Take_every_layer_of_a_convolutional_net(int opset)
    {
        var hardened = Hardened.Of(ConvolutionalNet(opset));
        var operators = hardened.Optimized().Select(n => n.OpType).ToArray();
        Assert.IsEmpty(operators.Intersect(FloatLayers));
        Assert.AreEqual(7, operators.Count(o => o == "QLinearConv"));
        Assert.AreEqual(2, operators.Count(o => o == "QGemm"));
        Assert.AreEqual(1, operators.Count(o => o is "MatMulIntegerToFloat" or "QLinearMatMul"));
        Assert.AreEqual(1, operators.Count(o => o == "QLinearAdd"));
        Assert.IsLessThan(0.1, hardened.RelativeError());
    }

    [TestMethod]
    public void Take_convolutions_of_one_and_of_three_dimensions()
    {
        var b = new ModelBuilder();
        var line = b.Node("Conv", [b.Input("input", -1, 4, 20), b.Random("w1", 0.3, 6, 4, 3), b.Random("b1", 0.1, 6)]);
        var cube = b.Node("Reshape", [line, b.Initializer(TensorValues.FromInt64s("shape", [5], [0, 6, 3, 3, 2]))]);
        var y = b.Node("Conv", [cube, b.Random("w3", 0.3, 2, 6, 2, 2, 2)]);
        AssertIntegerConvolutions(Hardened.Of(b.Output(y, -1, 2, 2, 2, 1)), 2);
    }

    [TestMethod]
    public void Take_convolutions_whose_padding_ONNX_Runtime_chooses()
    {
        var b = new ModelBuilder();
        List<string> inputs = [b.Input("input", -1, 3, 9, 9), b.Random("w1", 0.3, 4, 3, 3, 3)];
        var x = b.Node("Conv", inputs, ("auto_pad", "SAME_UPPER"), ("strides", new long[] { 2, 2 }));
        var y = b.Node("Conv", [x, b.Random("w2", 0.3, 4, 4, 2, 2)], ("auto_pad", "SAME_LOWER"));
        AssertIntegerConvolutions(Hardened.Of(b.Output(y, -1, 4, 5, 5)), 2);
    }

    [TestMethod]
    public void Take_convolutions_before_other_activations_and_without_any()
    {
        var b = new ModelBuilder(opset: 14);
        var x = b.Node("Sigmoid", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4)]);
        x = b.Node("LeakyRelu", [b.Conv(x, 4, 4)]);
        x = b.Node("HardSwish", [b.Conv(b.Conv(x, 4, 4), 4, 4)]);
        AssertIntegerConvolutions(Hardened.Of(b.Output(x, -1, 4, 6, 6)), 4);
    }

    [TestMethod]
    public void Take_products_with_batches_in_front()
    {
        var b = new ModelBuilder();
        var x = b.Node("Add", [b.MatMul(b.Input("input", -1, 5, 8), 8, 16), b.Random("bias", 0.2, 16)]);
        var hardened = Hardened.Of(b.Output(b.MatMul(b.Node("Tanh", [x]), 16, 4), -1, 5, 4));
        var operators = hardened.Optimized().Select(n => n.OpType).ToArray();
        Assert.IsEmpty(operators.Intersect(FloatLayers));
        Assert.AreEqual(2, operators.Count(o => o is "MatMulIntegerToFloat"));
        Assert.IsLessThan(0.05, hardened.RelativeError());
    }

    private static void AssertIntegerConvolutions(Hardened hardened, int count)
    {
        var operators = hardened.Optimized().Select(n => n.OpType).ToArray();
        Assert.IsEmpty(operators.Intersect(FloatLayers));
        Assert.AreEqual(count, operators.Count(o => o == "QLinearConv"), string.Join(' ', operators));
        Assert.IsLessThan(0.1, hardened.RelativeError());
    }

    private static ModelBuilder ConvolutionalNet(int opset)
    {
        var b = new ModelBuilder(opset);
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 12, 12), 3, 8)]);
        var y = b.Node("Relu", [b.Conv(x, 8, 8)]);
        var sum = b.Node("Relu", [b.Node("Add", [b.Conv(y, 8, 8), x])]);
        var depthwise = b.Node("Relu", [b.Conv(sum, 8, 8, groups: 8)]);
        var wide = b.Conv(depthwise, 8, 16, kernel: 1, bias: false);
        var pooled = b.Node("MaxPool", [wide], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        var grouped = b.Node("Relu", [b.Conv(pooled, 16, 16, groups: 2)]);
        var features = b.Node("GlobalAveragePool", [b.Node("Relu", [b.Conv(grouped, 16, 16)])]);
        var flat = b.Node("Flatten", [features]);
        var hidden = b.Node("Relu", [b.Gemm(flat, 16, 12, transposed: true)]);
        var scores = b.MatMul(b.Gemm(hidden, 12, 12, transposed: false), 12, 5);
        return b.Output(scores, -1, 5);
    }
}
