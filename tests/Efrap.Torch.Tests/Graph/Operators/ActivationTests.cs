using TorchSharp;

namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class ActivationTests : OperatorTest
{
    [TestMethod]
    [DataRow("Relu")]
    [DataRow("LeakyRelu")]
    [DataRow("Sigmoid")]
    [DataRow("Tanh")]
    [DataRow("Elu")]
    [DataRow("Selu")]
    [DataRow("Softplus")]
    [DataRow("HardSwish")]
    [DataRow("HardSigmoid")]
    [DataRow("Erf")]
    public void With_their_defaults(string op) => AssertAgrees(op, 14, [Normal(3, 40).mul(4)]);

    [TestMethod]
    [DataRow("LeakyRelu")]
    [DataRow("Elu")]
    public void With_a_slope(string op) => AssertAgrees(op, 13, [Normal(3, 40)], ("alpha", 0.3f));

    [TestMethod]
    public void Selu_with_both_factors() => AssertAgrees("Selu", 13, [Normal(3, 40)], ("alpha", 1.2f), ("gamma", 0.7f));

    [TestMethod]
    public void HardSigmoid_with_slope_and_shift() => AssertAgrees("HardSigmoid", 13, [Normal(3, 40)], ("alpha", 0.3f), ("beta", 0.4f));

    [TestMethod]
    public void Gelu()
    {
        AssertAgrees("Gelu", 20, [Normal(3, 40)]);
        AssertAgrees("Gelu", 20, [Normal(3, 40)], ("approximate", "tanh"));
        AssertAgrees("com.microsoft:Gelu", 17, [Normal(3, 40)]);
    }

    [TestMethod]
    public void PRelu()
    {
        AssertAgrees("PRelu", 13, [Normal(2, 3, 4, 4), Normal(3, 1, 1)]);
        AssertAgrees("PRelu", 13, [Normal(2, 3, 4), Normal(4)]);
    }

    [TestMethod]
    public void Clip()
    {
        AssertAgrees("Clip", 6, [Normal(3, 40)], ("min", -0.5f), ("max", 0.7f));
        AssertAgrees("Clip", 6, [Normal(3, 40)], ("max", 0.7f));
        AssertAgrees("Clip", 13, [Normal(3, 40), Scalar(-0.5f), Scalar(0.7f)]);
        AssertAgrees("Clip", 13, [Normal(3, 40), null, Scalar(0.7f)]);
        AssertAgrees("Clip", 13, [Normal(3, 40), Scalar(0.1f)]);
    }

    [TestMethod]
    [DataRow("Softmax")]
    [DataRow("LogSoftmax")]
    public void Distributions_along_one_axis_or_over_all_that_follow(string op)
    {
        AssertAgrees(op, 13, [Normal(2, 3, 4)]);
        AssertAgrees(op, 13, [Normal(2, 3, 4)], ("axis", 1L));
        AssertAgrees(op, 11, [Normal(2, 3, 4)]);
        AssertAgrees(op, 11, [Normal(2, 3, 4)], ("axis", 2L));
        AssertAgrees(op, 11, [Normal(2, 3, 4)], ("axis", 0L));
        AssertAgrees(op, 11, [Normal(2, 3, 4)], ("axis", -1L));
    }

    [TestMethod]
    public void Double_precision() => AssertAgrees(
        "Sigmoid", 13, Efrap.Core.Onnx.Proto.TensorProto.Types.DataType.Double, 1, [Normal(3, 4).to_type(torch.ScalarType.Float64)]);
}
