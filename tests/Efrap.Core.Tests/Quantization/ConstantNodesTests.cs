using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using Google.Protobuf;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Weights given by Constant nodes or behind Identity are quantized, and no float copy of them stays in the file.</summary>
[TestClass]
public sealed class ConstantNodesTests
{
    [TestMethod]
    [DataRow("Constant")]
    [DataRow("Identity of an initializer")]
    [DataRow("Identity of a Constant")]
    [DataRow("Transpose of an initializer")]
    public void Leave_no_float_weights_behind(string form)
    {
        const int Size = 64;
        var b = new ModelBuilder();
        var tensor = TensorValues.FromSingles("w", [Size, Size], b.Normal(Size * Size, 0.1));
        var weight = form switch
        {
            "Constant" => b.Node("Constant", [], ("value", tensor)),
            "Identity of an initializer" => b.Node("Identity", [b.Initializer(tensor)]),
            "Identity of a Constant" => b.Node("Identity", [b.Node("Constant", [], ("value", tensor))]),
            _ => b.Node("Transpose", [b.Initializer(tensor)]),
        };
        b.Output(b.Node("MatMul", [b.Input("input", -1, Size), weight]), -1, Size);
        var hardened = Hardened.Of(b, Precision.Int4Weights);
        Assert.HasCount(1, hardened.Plan.Layers);
        Assert.IsLessThan(Size * Size, hardened.Model.ToByteArray().Length, "half a byte a weight, and some names");
        Assert.IsLessThan(0.2, hardened.RelativeError());
    }

    [TestMethod]
    public void Are_kept_where_something_reads_them()
    {
        var b = new ModelBuilder();
        var weight = b.Node("Constant", [], ("value", TensorValues.FromSingles("w", [4, 4], b.Normal(16, 1))));
        var x = b.Node("MatMul", [b.Input("input", -1, 4), weight]);
        var half = b.Node("Constant", [], ("value_float", 0.5f));
        var hardened = Hardened.Of(b.Output(b.Node("Mul", [x, half]), -1, 4));
        Assert.AreEqual(1, hardened.Operators().Count(o => o == "Constant"));
        Assert.IsLessThan(0.02, hardened.RelativeError());
    }
}
