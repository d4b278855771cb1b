using Efrap.Core.Onnx;
using Efrap.Core.Tests.Onnx;
using Efrap.Torch.Graph;
using TorchSharp;

namespace Efrap.Torch.Tests.Graph;

[TestClass]
public sealed class GradientsPassRoundingTests : TorchTest
{
    private const float Scale = 0.1f;

    [TestMethod]
    public void Straight_inside_the_integers_range_and_not_at_all_outside()
    {
        using var module = Module();
        var x = torch.tensor(new[] { -20f, -12.75f, -3.14f, 0f, 0.26f, 12.6f, 12.9f, 99f }).requires_grad_();
        var y = module.Forward(x);
        y.mul(torch.arange(1f, 9f)).sum().backward();

        CollectionAssert.AreEqual(new[] { 0f, 2, 3, 4, 5, 6, 0, 0 }, x.grad!.data<float>().ToArray().Select(v => MathF.Round(v, 4)).ToArray());
    }

    [TestMethod]
    public void Values_are_the_same_with_and_without_gradients()
    {
        using var module = Module();
        var x = torch.randn(1000).mul(6);
        using var expected = module.Forward(x);
        using var actual = module.Forward(x.detach().clone().requires_grad_());

        Assert.IsTrue(expected.eq(actual.detach()).all().item<bool>());
        var codes = actual.detach().div(Scale);
        Assert.IsLessThan(1e-4f, codes.sub(codes.round()).abs().max().item<float>());
    }

    // Codes from −128 to 127 around a zero point of 0.
    private static OnnxModule Module()
    {
        var builder = new ModelBuilder();
        var x = builder.Input("x", -1);
        var scale = builder.Initializer(TensorValues.FromSingles("scale", [], [Scale]));
        var zeroPoint = builder.Initializer(TensorValues.FromInt8s("zero", [], [0]));
        var y = builder.Node("DequantizeLinear", [builder.Node("QuantizeLinear", [x, scale, zeroPoint]), scale, zeroPoint]);
        builder.Output(y, -1);
        return OnnxModule.Of(builder.Read());
    }
}
