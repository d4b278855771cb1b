using CsCheck;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Tests.Onnx;

/// <summary>The graph view orders nodes so that they can run, knows who makes and who reads what, and refuses invalid graphs.</summary>
[TestClass]
public sealed class ModelGraphTests
{
    [TestMethod]
    public void A_cycle_is_refused()
    {
        var b = new ModelBuilder();
        b.Nodes("Add", [b.Input("x", 1), "c"], ["a"]);
        b.Nodes("Neg", ["a"], ["b"]);
        b.Nodes("Neg", ["b"], ["c"]);
        StringAssert.Contains(Refuse(b.Output("c", 1)), "3 nodes wait for each other in a cycle");
    }

    [TestMethod]
    public void A_node_that_waits_for_itself_is_refused()
    {
        var b = new ModelBuilder();
        b.Nodes("Add", [b.Input("x", 1), "a"], ["a"]);
        Refuse(b.Output("a", 1));
    }

    [TestMethod]
    public void A_value_that_nothing_produces_is_refused()
    {
        var b = new ModelBuilder();
        b.Nodes("Add", [b.Input("x", 1), "ghost"], ["a"]);
        StringAssert.Contains(Refuse(b.Output("a", 1)), "`ghost`");
    }

    [TestMethod]
    public void A_captured_value_that_nothing_produces_is_refused()
    {
        var b = new ModelBuilder();
        b.Input("x", 1);
        StringAssert.Contains(Refuse(b.Output(Subgraphs.IfAlways(b, "ghost"), 1)), "`ghost`");
    }

    [TestMethod]
    public void An_output_that_nothing_produces_is_refused()
    {
        var b = new ModelBuilder();
        b.Nodes("Neg", [b.Input("x", 1)], ["a"]);
        StringAssert.Contains(Refuse(b.Output("ghost", 1)), "`ghost`");
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("x")]
    [DataRow("w")]
    public void A_value_defined_twice_is_refused(string name)
    {
        var b = new ModelBuilder();
        b.Random("w", 1, 1);
        b.Nodes("Neg", [b.Input("x", 1)], ["a"]);
        b.Nodes("Neg", ["x"], [name]);
        StringAssert.Contains(Refuse(b.Output("a", 1)), $"`{name}` is defined twice");
    }

    [TestMethod]
    public void Names_cannot_forge_lines_of_a_log()
    {
        var b = new ModelBuilder();
        b.Nodes("Add", [b.Input("x", 1), "ghost\nerror EFRAP9999: forged\u001b[31m\u2028"], ["a"]);
        Refuse(b.Output("a", 1));
    }

    [TestMethod]
    public void Subgraphs_nested_too_deeply_are_refused()
    {
        var graph = new GraphProto { Name = "innermost" };
        for (var depth = 0; depth < 40; depth++)
            graph = new GraphProto { Name = $"level{depth}", Node = { Holder(graph) } };
        var b = new ModelBuilder();
        b.Build().Graph.Node.Add(Holder(graph));
        StringAssert.Contains(Refuse(b), "nested deeper than");

        static NodeProto Holder(GraphProto graph) => new()
        {
            OpType = "Custom",
            Domain = "test",
            Attribute = { new AttributeProto { Name = "body", G = graph, Type = AttributeProto.Types.AttributeType.Graph } },
        };
    }

    [TestMethod]
    public void An_order_that_can_run_is_kept()
    {
        var b = new ModelBuilder();
        var x = b.Input("x", 1);
        b.Nodes("Neg", [x], ["late"]);
        b.Nodes("Neg", [x], ["early"]);
        b.Nodes("Neg", ["early"], ["end"]);
        CollectionAssert.AreEqual(new[] { "late", "early", "end" }, Order(new ModelGraph(b.Output("end", 1).Read())));
    }

    [TestMethod]
    public void Nodes_out_of_order_are_sorted_and_otherwise_stay() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int).Sample((count, seed) =>
        {
            // A random graph, shuffled.
            var random = new Random(seed);
            var nodes = Enumerable.Range(0, count).Select(i => new NodeProto
            {
                OpType = "Sum",
                Input = { Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(i + 1) is var r && r == i ? "x" : $"v{r}") },
                Output = { $"v{i}" },
            }).ToArray();
            random.Shuffle(nodes);
            var b = new ModelBuilder();
            b.Input("x", 1);
            b.Build().Graph.Node.AddRange(nodes);
            var graph = new ModelGraph(b.Read());

            CollectionAssert.AreEquivalent(nodes, graph.Nodes.ToArray());
            var seen = new HashSet<string> { "x" };
            foreach (var node in graph.Nodes)
            {
                Assert.IsTrue(node.Input.All(seen.Contains), "a node stands before what it reads");
                seen.UnionWith(node.Output);
            }

            CollectionAssert.AreEqual(Order(graph), Order(new ModelGraph(b.Read())), "the order is not stable");
            var sorted = new ModelBuilder();
            sorted.Input("x", 1);
            sorted.Build().Graph.Node.AddRange(graph.Nodes);
            CollectionAssert.AreEqual(Order(graph), Order(new ModelGraph(sorted.Read())), "a sorted graph is sorted again");
        });

    [TestMethod]
    public void Producers_and_readers_of_every_value()
    {
        var b = new ModelBuilder();
        var x = b.Input("x", 1);
        b.Random("w", 1, 1);
        b.Nodes("Split", [x], ["left", "right"]);
        b.Nodes("Add", ["left", "left"], ["twice"]);
        b.Nodes("Mul", ["twice", "w"], ["product"]);
        Subgraphs.IfAlways(b, "left");
        var graph = new ModelGraph(b.Output("product", 1).Read());
        Assert.AreEqual((0, 0, 1, -1, -1), (
            graph.Producer("left"), graph.Producer("right"), graph.Producer("twice"), graph.Producer("x"), graph.Producer("w")));
        CollectionAssert.AreEqual(new[] { 1, 3 }, graph.Consumers("left").ToArray(), "one that reads twice, one that captures");
        Assert.IsEmpty(graph.Consumers("right"));
        Assert.IsTrue(graph.IsCaptured("left") && !graph.IsCaptured("twice") && graph.IsOutput("product") && !graph.IsOutput("twice"));
        CollectionAssert.AreEqual(new[] { "x" }, graph.FedInputs.Select(i => i.Name).ToArray());
        Assert.IsTrue(graph.IsSource("x") && graph.IsSource("w") && !graph.IsSource("left"));
    }

    [TestMethod]
    public void Constants_from_initializers_Constant_nodes_and_Identity()
    {
        var b = new ModelBuilder();
        var w = b.Random("w", 1, 1);
        b.Nodes("Constant", [], ["c"], ("value_int", 5L));
        b.Nodes("Identity", ["c"], ["i"]);
        b.Nodes("Identity", ["i"], ["j"]);
        b.Nodes("Identity", [b.Input("x", 1)], ["y"]);
        b.Nodes("Neg", [w], ["n"]);
        var graph = new ModelGraph(b.Output("y", 1).Read());
        Assert.AreEqual(5, TensorValues.ToInt64s(graph.Constant("j")!).Single());
        Assert.IsNotNull(graph.Constant("w"));
        Assert.IsNull(graph.Constant("y"));
        Assert.IsNull(graph.Constant("n"));
        CollectionAssert.AreEqual(
            new[] { true, true, true, false, false }, Enumerable.Range(0, 5).Select(graph.IsConstantNode).ToArray());
    }

    // Up to IR 3 an initializer is an input too.
    [TestMethod]
    public void Inputs_with_a_default_are_constants_and_not_fed()
    {
        var b = new ModelBuilder(opset: 8, ir: 3);
        b.Nodes("Add", [b.Input("x", 1), b.Random("w", 1, 1)], ["y"]);
        var graph = new ModelGraph(b.Output("y", 1).Read());
        Assert.HasCount(2, graph.Model.Proto.Graph.Input);
        CollectionAssert.AreEqual(new[] { "x" }, graph.FedInputs.Select(i => i.Name).ToArray());
        Assert.IsNotNull(graph.Constant("w"));
    }

    private static string Refuse(ModelBuilder b) => Refusal.Expect(EfrapCode.GraphInvalid, () => _ = new ModelGraph(b.Read()));

    private static string[] Order(ModelGraph graph) => [.. graph.Nodes.Select(n => n.Output[0])];
}
