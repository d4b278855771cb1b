using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Tests;
using Efrap.Core.Tests.Onnx;
using Efrap.Torch.Graph;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Tests.Graph;

[TestClass]
public sealed class ModulesOwnTheirTensorsTests : TorchTest
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Only_the_outputs_outlive_a_run(bool gradients)
    {
        using var module = OnnxModule.Of(OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx")));
        using var x = torch.randn(2, 3, 32, 32).requires_grad_(gradients);
        module.Forward(x).Dispose();
        var before = Tensor.TotalCount;
        var y = module.Forward(x);
        Assert.AreEqual(before + 1, Tensor.TotalCount);
        y.Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void A_module_outlives_the_scope_it_was_made_in()
    {
        OnnxModule module;
        using (torch.NewDisposeScope())
            module = OnnxModule.Of(OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx")));
        using (module)
        using (torch.NewDisposeScope())
            Assert.AreEqual(10, module.Forward(torch.randn(2, 3, 32, 32)).shape[1]);
    }

    [TestMethod]
    public void Disposing_frees_everything()
    {
        var model = OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx"));
        var before = Tensor.TotalCount;
        OnnxModule.Of(model).Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Inputs_and_constants_that_come_out_unchanged_are_not_given_away()
    {
        var builder = new ModelBuilder();
        var x = builder.Input("x", -1);
        var w = builder.Random("w", 1, 3);
        builder.Output(builder.Node("Identity", [x]), -1).Output(builder.Node("Identity", [w]), 3).Output(w, 3).Output(x, -1);
        using var module = OnnxModule.Of(builder.Read());
        using var value = torch.ones(4);
        for (var run = 0; run < 2; run++)
        {
            foreach (var output in module.Forward(new Dictionary<string, Tensor> { ["x"] = value }).Values)
                output.Dispose();
        }

        Assert.AreEqual(4, value.sum().item<float>());
        Assert.HasCount(3, module.Parameters["w"].data<float>().ToArray());
    }

    [TestMethod]
    public void Gradients_reach_initializers()
    {
        using var module = OnnxModule.Of(OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx")));
        Assert.HasCount(20, module.Parameters);
        foreach (var parameter in module.Parameters.Values)
            parameter.requires_grad_();
        using var scope = torch.NewDisposeScope();
        module.Forward(torch.randn(2, 3, 32, 32)).sum().backward();
        foreach (var (name, parameter) in module.Parameters)
            Assert.IsTrue(parameter.grad is { } g && g.abs().sum().item<float>() > 0, name);
    }

    [TestMethod]
    public void Changed_initializers_change_the_output()
    {
        using var module = OnnxModule.Of(OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx")));
        using var scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            foreach (var parameter in module.Parameters.Values)
                parameter.zero_();
        }

        Assert.AreEqual(0, module.Forward(torch.randn(2, 3, 32, 32)).abs().max().item<float>());
    }

    [TestMethod]
    public void An_input_with_a_default_may_be_given()
    {
        var builder = new ModelBuilder(opset: 8, ir: 3);
        var y = builder.Node("Add", [builder.Input("x", -1), builder.Initializer(TensorValues.FromSingles("w", [1], [5]))]);
        using var module = OnnxModule.Of(builder.Output(y, -1).Read());
        using var x = torch.ones(1);
        CollectionAssert.AreEqual(new[] { "x" }, module.InputNames.ToArray());
        Assert.AreEqual(6, module.Forward(x).item<float>());
        Assert.AreEqual(2, module.Forward(new Dictionary<string, Tensor> { ["x"] = x, ["w"] = x })[y].item<float>());
    }

    [TestMethod]
    public void Inputs_that_are_missing_or_unknown()
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Node("Add", [builder.Input("a", -1), builder.Input("b", -1)]), -1);
        using var module = OnnxModule.Of(builder.Read());
        using var x = torch.ones(1);
        Assert.ThrowsExactly<ArgumentException>(() => module.Forward(new Dictionary<string, Tensor> { ["a"] = x }));
        Assert.ThrowsExactly<ArgumentException>(() => module.Forward(new Dictionary<string, Tensor> { ["a"] = x, ["b"] = x, ["c"] = x }));
        Assert.ThrowsExactly<InvalidOperationException>(() => module.Forward(x));
    }

    [TestMethod]
    public void Codes_come_out_as_integers()
    {
        var builder = new ModelBuilder();
        var scale = builder.Initializer(TensorValues.FromSingles("scale", [], [0.5f]));
        var zeroPoint = builder.Initializer(TensorValues.FromInt8s("zero", [], [1]));
        var y = builder.Node("QuantizeLinear", [builder.Input("x", -1), scale, zeroPoint]);
        builder.Build().Graph.Output.Add(ModelBuilder.Value(y, TensorProto.Types.DataType.Int8, [-1]));
        using var module = OnnxModule.Of(builder.Read());
        using var x = torch.tensor(new[] { 3f, -100f });
        CollectionAssert.AreEqual(new sbyte[] { 7, -128 }, module.Forward(x).data<sbyte>().ToArray());
    }
}
