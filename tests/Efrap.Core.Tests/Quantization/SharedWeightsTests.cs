using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>A weight that two layers share is rounded for each of them; the float one is gone once nobody reads it.</summary>
[TestClass]
public sealed class SharedWeightsTests
{
    [TestMethod]
    public void Are_rounded_for_each_layer()
    {
        foreach (var precision in new[] { Precision.Int8, Precision.Int4Weights })
        {
            var b = new ModelBuilder();
            var x = b.Input("input", -1, 6, 8, 8);
            var (w, c) = (b.Random("shared", 0.15, 6, 6, 3, 3), b.Random("bias", 0.2, 6));
            var pads = ("pads", (object)new long[] { 1, 1, 1, 1 });
            var y = b.Node("Conv", [b.Node("Sigmoid", [b.Node("Conv", [x, w, c], pads)]), w, c], pads);
            var hardened = Hardened.Of(b.Output(y, -1, 6, 8, 8), precision);
            var weights = hardened.Model.Graph.Node.Where(n => n.OpType == "Conv").Select(n => n.Input[1]).ToArray();
            Assert.HasCount(2, weights.Distinct());
            Assert.IsFalse(hardened.Model.Graph.Initializer.Any(i => i.Name == "shared"));
            Assert.IsLessThan(precision == Precision.Int8 ? 0.04 : 0.2, hardened.RelativeError());
        }
    }

    [TestMethod]
    public void Stay_for_readers_that_are_not_quantized()
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 6);
        var w = b.Random("shared", 0.4, 6, 6);
        var y = b.Node("Add", [b.Node("MatMul", [x, w]), b.Node("ReduceSum", [w])]);
        var hardened = Hardened.Of(b.Output(y, -1, 6));
        Assert.AreEqual(1, hardened.Model.Graph.Initializer.Count(i => i.Name == "shared"));
        Assert.IsLessThan(0.02, hardened.RelativeError());
    }
}
