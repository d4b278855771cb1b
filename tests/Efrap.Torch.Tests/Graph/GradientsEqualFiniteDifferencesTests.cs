using Efrap.Core.Onnx;
using Efrap.Torch.Graph;
using Efrap.Torch.Tests.Graph.Operators;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Tests.Graph;

[TestClass]
public sealed class GradientsEqualFiniteDifferencesTests : OperatorTest
{
    [TestMethod]
    public void Convolution() => Check(
        "Conv", 13, [Normal(2, 2, 5, 6), Normal(3, 2, 3, 2), Normal(3)], ("pads", new[] { 0L, 1L, 2L, 1L }), ("strides", new[] { 2L, 1L }));

    [TestMethod]
    public void Transposed_convolution() => Check(
        "ConvTranspose", 13, [Normal(1, 2, 3, 3), Normal(2, 2, 3, 3), Normal(2)], ("strides", new[] { 2L, 2L }), ("pads", new[] { 0L, 1L, 1L, 1L }));

    [TestMethod]
    public void LayerNormalization() => Check("LayerNormalization", 17, [Normal(2, 3, 5), Normal(5), Normal(5)]);

    [TestMethod]
    [DataRow("nearest")]
    [DataRow("linear")]
    public void Resize(string mode) => Check("Resize", 13, [Normal(1, 2, 4, 5), null, Floats(1, 1, 1.7f, 2)], ("mode", mode));

    [TestMethod]
    public void AveragePool() => Check(
        "AveragePool", 13, [Normal(1, 2, 5, 5)], ("kernel_shape", new[] { 3L, 3L }), ("strides", new[] { 2L, 2L }), ("pads", new[] { 1L, 0L, 1L, 1L }));

    [TestMethod]
    public void Reflections() => Check("Pad", 13, [Normal(1, 2, 4, 5), List(0, 0, 1, 2, 0, 0, 3, 1)], ("mode", "reflect"));

    // The sum of the outputs, each with a weight of its own, on all inputs that gradients are asked of.
    private static void Check(string op, long opset, object?[] inputs, params (string Name, object Value)[] attributes)
    {
        var doubles = inputs.Select(i => i is Tensor t ? t.to_type(torch.ScalarType.Float64) : i).ToArray();
        var (model, fed) = Model(op, opset, DataType.Double, 1, doubles, attributes);
        using var module = OnnxModule.Of(new OnnxModel(model, "model.onnx"));
        var values = fed.ToDictionary(f => f.Name, f => f.Value.requires_grad_());
        var weights = torch.randn_like(module.Forward(values)["y0"]).detach();
        module.Forward(values)["y0"].mul(weights).sum().backward();

        using var noGradient = torch.no_grad();
        foreach (var (name, value) in values)
        {
            for (var i = 0; i < value.numel(); i++)
            {
                var difference = (At(1e-5) - At(-1e-5)) / 2e-5;
                Assert.AreEqual(difference, value.grad!.flatten()[i].item<double>(), 1e-6 * Math.Max(1, Math.Abs(difference)), $"{name}[{i}]");

                double At(double step)
                {
                    using var scope = torch.NewDisposeScope();
                    var moved = value.detach().clone();
                    moved.flatten()[i].add_(step);
                    return module.Forward(new Dictionary<string, Tensor>(values) { [name] = moved })["y0"].mul(weights).sum().item<double>();
                }
            }
        }
    }
}
