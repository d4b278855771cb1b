using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Subgraphs are left alone, and what they capture keeps its name and its value when it is stored as uint8.</summary>
[TestClass]
public sealed class CapturedActivationsTests
{
    [TestMethod]
    public void Of_a_branch_behind_a_later_layer()
    {
        var b = new ModelBuilder();
        var captured = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 8, 8), 3, 6)]);
        var y = b.Conv(b.Conv(captured, 6, 6), 6, 6);
        AssertClose(b, b.Node("Add", [y, Subgraphs.IfAlways(b, captured)]));
    }

    [TestMethod]
    public void Of_a_branch_that_captures_a_quantized_input()
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 6, 8, 8);
        var y = b.Conv(b.Conv(x, 6, 6), 6, 6);
        AssertClose(b, b.Node("Add", [y, Subgraphs.IfAlways(b, x)]));
    }

    // The loop reads the value as an input and captures it besides.
    [TestMethod]
    public void Of_a_loop_that_also_reads_the_value()
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 8, 8), 3, 6)]);
        var y = b.Conv(x, 6, 6);
        AssertClose(b, b.Node("Add", [y, Subgraphs.LoopTwice(b, x)]));
    }

    private static void AssertClose(ModelBuilder b, string output)
    {
        var hardened = Hardened.Of(b.Output(output, -1, 6, 8, 8));
        Assert.IsLessThan(0.04, hardened.RelativeError());
    }
}
