using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>New values get names of their own, whatever names a model has used up.</summary>
[TestClass]
public sealed class NamesTests
{
    // Every name that quantizing the second layer would like to use.
    private static readonly string[] Wanted =
    [
        "w_quantized", "w_quantized_scale", "w_quantized_zero_point", "w_quantized_dequantized",
        "c_quantized", "c_quantized_scale", "c_quantized_zero_point", "c_quantized_dequantized",
        "x_quantized", "x_scale", "x_zero_point", "y_quantized", "y_scale", "y_zero_point", "y_unquantized",
    ];

    [TestMethod]
    [DynamicData(nameof(WantedNames))]
    public void That_values_of_the_graph_have(string taken) => AssertClose(b => b.Nodes("Sigmoid", ["x"], [taken])[0]);

    [TestMethod]
    [DynamicData(nameof(WantedNames))]
    public void That_constants_have(string taken) => AssertClose(b => b.Node("Mul", ["x", b.Random(taken, 1, 4)]));

    [TestMethod]
    [DynamicData(nameof(WantedNames))]
    public void That_values_of_a_subgraph_have(string taken) => AssertClose(b =>
    {
        var sum = Subgraphs.IfAlways(b, "x");
        foreach (var branch in b.Build().Graph.Node.Single(n => n.OpType == "If").Attribute.Select(a => a.G))
        {
            branch.Node[0].Output[0] = taken + branch.Name[..1];
            branch.Node.Add(new NodeProto { OpType = "Identity", Input = { branch.Node[0].Output[0] }, Output = { taken } });
            branch.Output[0].Name = taken;
        }

        return sum;
    });

    public static IEnumerable<object[]> WantedNames => Wanted.Select(w => new object[] { w });

    // The weight's name made from the activation's, and the other way round.
    [TestMethod]
    public void That_other_new_values_have()
    {
        foreach (var (weight, activation) in new[] { ("a", "a_quantized"), ("a_quantized", "a"), ("a", "a_quantized_dequantized") })
        {
            var b = new ModelBuilder();
            b.Random(weight, 0.3, 4, 4);
            b.Nodes("Sigmoid", [b.Input("input", -1, 4)], [activation]);
            var y = b.Node("Gemm", [activation, weight, b.Random("c", 0.1, 4)]);
            Assert.IsLessThan(0.02, Hardened.Of(b.Output(y, -1, 4)).RelativeError());
        }
    }

    private static void AssertClose(Func<ModelBuilder, string> obstacle)
    {
        foreach (var precision in new[] { Precision.Int8, Precision.Int4Weights })
        {
            var b = new ModelBuilder();
            b.Nodes("Tanh", [b.Input("input", -1, 4)], ["x"]);
            var other = obstacle(b);
            b.Nodes("Gemm", ["x", b.Random("w", 0.4, 4, 4), b.Random("c", 0.1, 4)], ["y"]);
            b.Output(b.Node("Add", [b.MatMul("y", 4, 4), other]), -1, 4).Output("y", -1, 4);
            var hardened = Hardened.Of(b, precision);
            var names = hardened.Model.Graph.Node.SelectMany(n => n.Output)
                .Concat(hardened.Model.Graph.Initializer.Select(i => i.Name)).Append("input").ToArray();
            CollectionAssert.AllItemsAreUnique(names);
            Assert.IsLessThan(precision == Precision.Int8 ? 0.02 : 0.3, hardened.RelativeError());
        }
    }
}
