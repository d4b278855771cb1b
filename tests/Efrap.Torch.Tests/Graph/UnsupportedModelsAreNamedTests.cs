using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Tests;
using Efrap.Core.Tests.Onnx;
using Efrap.Torch.Graph;

namespace Efrap.Torch.Tests.Graph;

[TestClass]
public sealed class UnsupportedModelsAreNamedTests : TorchTest
{
    [TestMethod]
    public void All_operators_that_are_not_known_stand_in_one_message()
    {
        var builder = new ModelBuilder();
        var x = builder.Node("Relu", [builder.Input("x", 2, 3)]);
        x = builder.Node("NonZero", [x]);
        x = builder.Node("Hardmax", [builder.Node("Hardmax", [x])]);
        var message = Refuse(builder, x);

        Assert.Contains("NonZero (node `NonZero_1`)", message);
        Assert.Contains("Hardmax (2 nodes)", message);
        Assert.DoesNotContain("Relu", message);
    }

    [TestMethod]
    public void An_operator_of_another_domain_is_not_taken_for_ONNXs_own()
    {
        var builder = new ModelBuilder();
        var x = builder.Node("Relu", [builder.Input("x", 2, 3)]);
        builder.Build().Graph.Node[0].Domain = "acme";
        Assert.Contains("acme:Relu (node `Relu_0`)", Refuse(builder, x));
    }

    [TestMethod]
    public void Attributes_and_outputs_that_are_not_known()
    {
        Assert.Contains("Relu with the attribute `slope`", Refuse("Relu", ("slope", 1f)));
        Assert.Contains("Conv with auto_pad SAME", Refuse("Conv", ("auto_pad", "SAME")));
        Assert.Contains("Resize with mode cubic", Refuse("Resize", ("mode", "cubic")));
        Assert.Contains("Resize with coordinates tf_crop_and_resize", Refuse("Resize", ("coordinate_transformation_mode", "tf_crop_and_resize")));
        Assert.Contains("BatchNormalization in training mode", Refuse("BatchNormalization", ("training_mode", 1L)));
        Assert.Contains("Cast to string", Refuse("Cast", ("to", 8L)));

        var builder = new ModelBuilder();
        var outputs = builder.Nodes("MaxPool", [builder.Input("x", 1, 1, 4, 4)], ["y", "indices"], ("kernel_shape", new[] { 2L, 2L }));
        Assert.Contains("MaxPool with 2 outputs", Refuse(builder, outputs[1]));
    }

    [TestMethod]
    public void A_zero_point_that_is_computed_leaves_the_range_open()
    {
        var builder = new ModelBuilder();
        var x = builder.Input("x", 2, 3);
        var zeroPoint = builder.Input("zero", TensorProto.Types.DataType.Int8);
        var scale = builder.Initializer(TensorValues.FromSingles("scale", [], [1]));
        Assert.Contains("QuantizeLinear to a type", Refuse(builder, builder.Node("QuantizeLinear", [x, scale, zeroPoint])));
    }

    [TestMethod]
    public void Constants_of_strings()
    {
        var builder = new ModelBuilder();
        var x = builder.Node("Relu", [builder.Input("x", 2, 3)]);
        builder.Initializer(new TensorProto { Name = "words", DataType = (int)TensorProto.Types.DataType.String, Dims = { 0 } });
        Assert.Contains("`words` is of type string", Refuse(builder, x));
    }

    [TestMethod]
    public void A_hundred_operators_with_long_names_still_fit_a_line()
    {
        var builder = new ModelBuilder();
        var x = builder.Input("x", 2, 3);
        for (var i = 0; i < 100; i++)
            x = builder.Node($"Operator{i}{new string('x', 200)}", [x]);
        Assert.Contains("and 94 more", Refuse(builder, x));
    }

    [TestMethod]
    [DataRow("candy", "Affine", "Crop", "ImageScaler")]
    [DataRow("silero-vad-16k", "If")]
    public void Real_models_of_other_operators(string name, params string[] operators)
    {
        var model = OnnxModelReader.Read(TestData.Shared($"corpus/{name}.onnx"));
        var message = Refusal.Expect(EfrapCode.OperatorNotDifferentiable, () => OnnxModule.Of(model).Dispose());
        foreach (var op in operators)
            Assert.Contains($"{op} (", message);
    }

    private static string Refuse(string op, params (string Name, object Value)[] attributes)
    {
        var builder = new ModelBuilder();
        return Refuse(builder, builder.Node(op, [builder.Input("x", 2, 3)], attributes));
    }

    private static string Refuse(ModelBuilder builder, string output)
    {
        builder.Output(output, 2, 3);
        return Refusal.Expect(EfrapCode.OperatorNotDifferentiable, () => OnnxModule.Of(builder.Read()).Dispose());
    }
}
