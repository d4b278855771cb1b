using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Core.Tests;
using Efrap.Core.Tests.Onnx;
using Efrap.Torch.Graph;
using TorchSharp;

namespace Efrap.Torch.Tests.Graph;

/// <summary>Models that are valid as graphs and cannot be computed end in one line that names the node.</summary>
[TestClass]
public sealed class HostileModelsTests : TorchTest
{
    [TestMethod]
    public void Too_few_inputs() => Refuse("Conv", []);

    [TestMethod]
    public void Shapes_that_do_not_fit()
    {
        Refuse("Conv", [[4, 5, 3, 3]]);
        Refuse("Conv", [[4]]);
        Refuse("MatMul", [[5, 5]]);
        Refuse("MatMul", [[7, 3, 4, 5]]);
        Refuse("MatMul", [[5]]);
        Refuse("Gemm", [[4, 5]]);
        Refuse("Add", [[7]]);
        Refuse("BatchNormalization", [[9], [9], [9], [9]]);
        Refuse("LayerNormalization", [[9]]);
    }

    [TestMethod]
    public void Attributes_out_of_range()
    {
        Refuse("Conv", [[4, 3, 3, 3]], ("strides", new[] { 0L, 1L }));
        Refuse("Conv", [[4, 3, 3, 3]], ("strides", new[] { 1L }));
        Refuse("Conv", [[4, 3, 3, 3]], ("group", 0L));
        Refuse("Conv", [[4, 3, 3, 3]], ("pads", new[] { -9L, 0L, 0L, 0L }));
        Refuse("Conv", [[4, 3, 3, 3]], ("dilations", new[] { long.MaxValue, long.MaxValue }));
        Refuse("ConvTranspose", [[3, 4, 3, 3]], ("output_shape", new[] { 5L }));
        Refuse("ConvTranspose", [[3, 4, 3, 3]], ("pads", new[] { 99L, 99L, 99L, 99L }));
        Refuse("MaxPool", []);
        Refuse("MaxPool", [], ("kernel_shape", new[] { -2L, 2L }));
        Refuse("MaxPool", [], ("kernel_shape", new[] { 99L, 99L }));
        Refuse("AveragePool", [], ("kernel_shape", new[] { 2L, 2L }), ("pads", new[] { 1L << 40, 1L << 40, 1L << 40, 1L << 40 }));
        Refuse("Softmax", [], ("axis", 9L));
        Refuse("Flatten", [], ("axis", 9L));
        Refuse("Transpose", [], ("perm", new[] { 0L, 0L, 1L, 2L }));
        Refuse("Concat", [], ("axis", -9L));
        Refuse("LRN", [], ("size", -1L));
        Refuse("LRN", [], ("size", 1L << 60));
    }

    [TestMethod]
    public void Lists_out_of_range()
    {
        RefuseLists("Reshape", [7, 7]);
        RefuseLists("Reshape", [0, 0, 0, 0, 0]);
        RefuseLists("Reshape", [-1, -1]);
        RefuseLists("Expand", [long.MaxValue, long.MaxValue, 1, 1, 1, 1]);
        RefuseLists("Tile", [1 << 30, 1 << 30, 1 << 30, 1 << 30]);
        RefuseLists("Tile", [-1, 1, 1, 1]);
        RefuseLists("Unsqueeze", [12]);
        RefuseLists("Squeeze", [1]);
        RefuseLists("Split", [1, 2]);
        RefuseLists("Pad", [1, 2, 3]);
        RefuseLists("Pad", [0, 0, 0, 0, 0, 0, 1L << 40, 1L << 40]);
        RefuseLists("Slice", [0], [0, 1]);
        RefuseLists("Slice", [0], [1], [0], [0]);
        RefuseLists("Gather", [4]);
        RefuseLists("Gather", [-5]);
        RefuseLists("ReduceSum", [5]);
        RefuseLists("Reshape", new long[100]);
    }

    [TestMethod]
    public void Results_larger_than_memory()
    {
        var builder = new ModelBuilder();
        var shape = builder.Initializer(TensorValues.FromInt64s("shape", [3], [1L << 20, 1L << 20, 1L << 20]));
        Expect(builder, builder.Node("ConstantOfShape", [shape]), "ConstantOfShape_0", feed: false);
    }

    private static void Refuse(string op, long[][] weights, params (string Name, object Value)[] attributes)
    {
        var builder = new ModelBuilder(opset: 17);
        List<string> inputs = [builder.Input("x", -1, 3, 4, 4)];
        inputs.AddRange(weights.Select((shape, i) => builder.Random($"w{i}", 1, shape)));
        Expect(builder, builder.Node(op, inputs, attributes), $"{op}_0");
    }

    private static void RefuseLists(string op, params long[][] lists)
    {
        var builder = new ModelBuilder(opset: 13);
        List<string> inputs = [builder.Input("x", -1, 3, 4, 4)];
        inputs.AddRange(lists.Select((list, i) => builder.Initializer(TensorValues.FromInt64s($"l{i}", [list.Length], list))));
        Expect(builder, builder.Node(op, inputs), $"{op}_0");
    }

    private static void Expect(ModelBuilder builder, string output, string node, bool feed = true)
    {
        using var module = OnnxModule.Of(builder.Output(output, -1).Read());
        using var x = torch.randn(2, 3, 4, 4);
        var inputs = feed ? new Dictionary<string, torch.Tensor> { ["x"] = x } : [];
        var message = Refusal.Expect(EfrapCode.ModelNotRunnable, () => module.Forward(inputs));
        Assert.StartsWith($"the node `{node}` (", message);
    }
}
