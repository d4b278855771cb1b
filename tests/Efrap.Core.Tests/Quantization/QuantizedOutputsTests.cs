using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>An output of the graph that is stored as uint8 inside keeps its name and its type.</summary>
[TestClass]
public sealed class QuantizedOutputsTests
{
    [TestMethod]
    public void Of_a_convolution()
    {
        var b = new ModelBuilder();
        AssertOutput(b, b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4), read: false);
    }

    [TestMethod]
    public void Of_a_folded_activation_that_another_layer_reads()
    {
        var b = new ModelBuilder();
        AssertOutput(b, b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4)]), read: true);
    }

    [TestMethod]
    public void Of_pooling_between_layers()
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Input("input", -1, 3, 8, 8), 3, 4);
        AssertOutput(b, b.Node("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 })), read: true);
    }

    [TestMethod]
    public void Of_a_product_whose_output_another_one_reads()
    {
        var b = new ModelBuilder();
        var x = b.Gemm(b.Input("input", -1, 8), 8, 6, transposed: true);
        b.Output(b.Gemm(x, 6, 3, transposed: true), -1, 3);
        AssertClose(Hardened.Of(b.Output(x, -1, 6)), 2);
    }

    private static void AssertOutput(ModelBuilder b, string value, bool read)
    {
        if (read)
            b.Output(b.Conv(value, 4, 4), -1, 4, 6, 6);
        b.Output(value, -1, 4, 6, 6);
        var hardened = Hardened.Of(b);
        Assert.AreEqual("DequantizeLinear", hardened.Producer(value)!.OpType);
        AssertClose(hardened, read ? 2 : 1);
    }

    private static void AssertClose(Hardened hardened, int outputs)
    {
        CollectionAssert.AreEqual(hardened.Graph.Model.Proto.Graph.Output, hardened.Model.Graph.Output);
        for (var output = 0; output < outputs; output++)
            Assert.IsLessThan(0.04, hardened.RelativeError(output));
    }
}
