using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Inference;

/// <summary>Models are cut at every layer, whatever crosses the cuts: captures, constants of any form, several inputs.</summary>
[TestClass]
public sealed class SegmentTests
{
    [TestMethod]
    public void Captures_reach_over_several_cuts() => AssertHardens(b =>
    {
        var x = b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4);
        var y = b.Conv(b.Conv(x, 4, 4), 4, 4);
        return b.Node("Add", [y, Subgraphs.IfAlways(b, x)]);
    });

    [TestMethod]
    public void Graph_inputs_are_captured_behind_the_last_cut() => AssertHardens(b =>
    {
        var x = b.Input("input", -1, 4, 6, 6);
        return b.Node("Add", [b.Conv(b.Conv(x, 4, 4), 4, 4), Subgraphs.IfAlways(b, x)]);
    });

    [TestMethod]
    public void Loops_lie_between_layers() => AssertHardens(b =>
        b.Conv(Subgraphs.LoopTwice(b, b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4)), 4, 4));

    // The constants stand before the first cut, their readers behind the last.
    [TestMethod]
    [DataRow("value")]
    [DataRow("value_float")]
    [DataRow("value_floats")]
    [DataRow("Identity")]
    [DataRow("Identity of Constant")]
    [DataRow("sparse_value")]
    [DataRow("sparse initializer")]
    public void Constants_are_found_from_every_segment(string form) => AssertHardens(b =>
    {
        var tensor = TensorValues.FromSingles("t", [1], [0.5f]);
        var sparse = new SparseTensorProto
        {
            Values = TensorValues.FromSingles("s", [1], [0.5f]),
            Indices = TensorValues.FromInt64s("at", [1], [0]),
            Dims = { 1 },
        };
        string half;
        switch (form)
        {
            case "value":
                half = b.Node("Constant", [], ("value", tensor));
                break;
            case "value_float":
                half = b.Node("Constant", [], ("value_float", 0.5f));
                break;
            case "value_floats":
                half = b.Node("Constant", []);
                b.Build().Graph.Node[^1].Attribute.Add(
                    new AttributeProto { Name = "value_floats", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 0.5f } });
                break;
            case "Identity":
                half = b.Node("Identity", [b.Initializer(tensor)]);
                break;
            case "Identity of Constant":
                half = b.Node("Identity", [b.Node("Constant", [], ("value", tensor))]);
                break;
            case "sparse_value":
                half = b.Node("Constant", []);
                b.Build().Graph.Node[^1].Attribute.Add(
                    new AttributeProto { Name = "sparse_value", Type = AttributeProto.Types.AttributeType.SparseTensor, SparseTensor = sparse });
                break;
            default:
                b.Build().Graph.SparseInitializer.Add(sparse);
                half = "s";
                break;
        }

        var x = b.Node("Mul", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4), half]);
        return b.Node("Mul", [b.Conv(b.Conv(x, 4, 4), 4, 4), half]);
    });

    [TestMethod]
    public void Several_inputs_enter_where_they_are_read() => AssertHardens(b =>
    {
        var x = b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4);
        var y = b.Node("Mul", [b.Conv(x, 4, 4), b.Input("second", -1, 4, 6, 6)]);
        return b.Node("Add", [b.Conv(y, 4, 4), b.Input("third", -1, 4, 1, 1)]);
    });

    [TestMethod]
    [DataRow(DataType.Int64)]
    [DataRow(DataType.Int32)]
    public void Integer_inputs_index_an_embedding(DataType type)
    {
        var b = new ModelBuilder();
        var tokens = b.Input("input", type, -1, 7);
        var x = b.Node("Gather", [b.Random("embedding", 1, 256, 8), tokens]);
        x = b.Node("Add", [b.MatMul(b.Node("Tanh", [b.MatMul(x, 8, 16)]), 16, 8), x]);
        AssertHardens(b.Output(b.MatMul(x, 8, 3), -1, 7, 3));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    public void A_fixed_batch_dimension_is_kept_to(int batch)
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Conv(b.Input("input", batch, 3, 6, 6), 3, 4), 4, 4);
        var flat = b.Node("Reshape", [x, b.Initializer(TensorValues.FromInt64s("shape", [2], [batch, 4 * 6 * 6]))]);
        AssertHardens(b.Output(b.Gemm(flat, 4 * 6 * 6, 3, transposed: true), batch, 3));
    }

    // Shape → Gather → Concat → Reshape: what PyTorch writes for view(x.size(0), -1).
    [TestMethod]
    public void Shapes_are_computed_across_a_cut()
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Input("input", -1, 3, 4, 4), 3, 4);
        var samples = b.Node("Gather", [b.Node("Shape", [x]), b.Initializer(TensorValues.FromInt64s("zero", [1], [0]))]);
        var y = b.Conv(x, 4, 4);
        var shape = b.Node("Concat", [samples, b.Initializer(TensorValues.FromInt64s("rest", [1], [-1]))], ("axis", 0L));
        AssertHardens(b.Output(b.Gemm(b.Node("Reshape", [y, shape]), 64, 3, transposed: true), -1, 3));
    }

    [TestMethod]
    public void Nodes_with_several_outputs_are_cut_between_their_readers() => AssertHardens(b =>
    {
        var x = b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4);
        var halves = b.Nodes("Split", [x], ["left", "right"], ("axis", 1L));
        var y = b.Conv(halves[0], 2, 2);
        return b.Conv(b.Node("Concat", [y, halves[1]], ("axis", 1L)), 4, 4);
    });

    // Dropout hands out a mask that nobody reads.
    [TestMethod]
    public void Outputs_that_nobody_reads_do_no_harm() => AssertHardens(b =>
    {
        var x = b.Nodes("Dropout", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 4)], ["kept", "mask"])[0];
        b.Node("ReduceMax", [x]);
        return b.Conv(x, 4, 4);
    });

    private static void AssertHardens(Func<ModelBuilder, string> build)
    {
        var b = new ModelBuilder();
        AssertHardens(b.Output(build(b), -1, 4, 6, 6));
    }

    private static void AssertHardens(ModelBuilder builder)
    {
        foreach (var precision in new[] { Precision.Int8, Precision.Int8Weights, Precision.Int4Weights })
        {
            var hardened = Hardened.Of(builder, precision, samples: 40);
            Assert.IsLessThan(precision == Precision.Int4Weights ? 0.3 : 0.05, hardened.RelativeError());
        }
    }
}
