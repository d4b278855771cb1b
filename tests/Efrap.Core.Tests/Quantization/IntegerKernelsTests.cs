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
        Console.WriteLine(string.Join(' ', operators));
        Assert.IsEmpty(operators.Intersect(FloatLayers));
        Assert.AreEqual(7, operators.Count(o => o == "QLinearConv"));
        Assert.AreEqual(2, operators.Count(o => o == "QGemm"));
        Assert.AreEqual(1, operators.Count(o => o is "MatMulIntegerToFloat" or "QLinearMatMul"));
        Assert.AreEqual(1, operators.Count(o => o == "QLinearAdd"));
        Assert.IsLessThan(0.1, hardened.RelativeError());
    }

    private static ModelBuilder ConvolutionalNet(int opset)
    {
        var b = new ModelBuilder(opset);
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 12, 12), 3, 8)]);
        var y = b.Node("Relu", [b.Conv(x, 8, 8)]);
        var sum = b.Node("Relu", [b.Node("Add", [b.Conv(y, 8, 8), x])]);
        var depthwise = b.Node("Relu", [b.Conv(sum, 8, 8, groups: 8)]);
        var pooled = b.Node("MaxPool", [b.Conv(depthwise, 8, 16, kernel: 1, bias: false)], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        var grouped = b.Node("Relu", [b.Conv(pooled, 16, 16, groups: 2)]);
        var features = b.Node("GlobalAveragePool", [b.Node("Relu", [b.Conv(grouped, 16, 16)])]);
        var flat = b.Node("Flatten", [features]);
        var hidden = b.Node("Relu", [b.Gemm(flat, 16, 12, transposed: true)]);
        var scores = b.MatMul(b.Gemm(hidden, 12, 12, transposed: false), 12, 5);
        return b.Output(scores, -1, 5);
    }
}
