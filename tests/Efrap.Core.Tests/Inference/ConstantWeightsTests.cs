using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Inference;

/// <summary>Weights that a model computes from constants become initializers of the same values; what computed them goes.</summary>
[TestClass]
public sealed class ConstantWeightsTests
{
    [TestMethod]
    public void A_transposed_one() =>
        AssertEvaluated(b => b.Node("Transpose", [b.Random("w", 1, 4, 6)]), weight => Assert.AreEqual(6, weight.Dims[0]));

    [TestMethod]
    public void A_reshaped_one() =>
        AssertEvaluated(b => b.Node("Reshape", [b.Random("w", 1, 24), b.Initializer(TensorValues.FromInt64s("shape", [2], [6, -1]))]));

    [TestMethod]
    public void One_of_half_precision() => AssertEvaluated(
        b =>
        {
            var halves = new TensorProto { Name = "w", DataType = (int)DataType.Float16, Dims = { 6, 4 } };
            halves.Int32Data.AddRange(b.Normal(24, 1).Select(v => (int)BitConverter.HalfToUInt16Bits((Half)v)));
            return b.Node("Cast", [b.Initializer(halves)], ("to", (long)DataType.Float));
        },
        weight => Assert.AreEqual((int)DataType.Float, weight.DataType));

    [TestMethod]
    public void A_chain_of_several_from_a_Constant_node() => AssertEvaluated(b =>
    {
        var constant = b.Node("Constant", [], ("value", TensorValues.FromSingles("t", [4, 6], b.Normal(24, 1))));
        return b.Node("Transpose", [b.Node("Mul", [b.Node("Identity", [constant]), b.Node("Constant", [], ("value_float", 2f))])]);
    });

    [TestMethod]
    public void One_from_a_sparse_Constant_node() => AssertEvaluated(b =>
    {
        var sparse = new SparseTensorProto
        {
            Values = TensorValues.FromSingles("s", [2], [2, -3]),
            Indices = TensorValues.FromInt64s("at", [2], [1, 17]),
            Dims = { 4, 6 },
        };
        var constant = b.Node("Constant", []);
        b.Build().Graph.Node[^1].Attribute.Add(
            new AttributeProto { Name = "sparse_value", Type = AttributeProto.Types.AttributeType.SparseTensor, SparseTensor = sparse });
        return b.Node("Transpose", [constant]);
    });

    [TestMethod]
    public void A_bias()
    {
        var b = new ModelBuilder();
        var bias = b.Node("Mul", [b.Random("c", 1, 4), b.Initializer(TensorValues.FromSingles("two", [], [2]))]);
        b.Output(b.Node("Gemm", [b.Input("input", -1, 6), b.Random("w", 1, 6, 4), bias]), -1, 4);
        AssertSame(b, ConstantWeights.Evaluate(b.Read()));
    }

    [TestMethod]
    public void One_that_others_read_too_stays_for_them()
    {
        var b = new ModelBuilder();
        var weight = b.Node("Transpose", [b.Random("w", 1, 4, 6)]);
        var y = b.Node("Add", [b.Node("MatMul", [b.Input("input", -1, 6), weight]), b.Node("ReduceSum", [weight])]);
        var evaluated = ConstantWeights.Evaluate(b.Output(y, -1, 4).Read());
        AssertSame(b, evaluated);
        Assert.HasCount(1, LayerPlanner.Plan(new ModelGraph(evaluated)).Layers);
        Assert.AreEqual(1, evaluated.Proto.Graph.Node.Count(n => n.OpType == "Transpose"));
    }

    [TestMethod]
    [DataRow("RandomNormal")]
    [DataRow("DequantizeLinear")]
    [DataRow("an input")]
    public void Not_one_that_is_random_quantized_or_fed(string source)
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 6);
        var weight = source switch
        {
            "RandomNormal" => b.Node("RandomNormal", [], ("shape", new long[] { 6, 4 })),
            "DequantizeLinear" => b.Node(
                "DequantizeLinear",
                [
                    b.Initializer(TensorValues.FromInt8s("codes", [6, 4], new sbyte[24])),
                    b.Initializer(TensorValues.FromSingles("scale", [], [1])),
                ]),
            _ => b.Node("Transpose", [b.Input("second", 4, 6)]),
        };
        var model = b.Output(b.Node("MatMul", [x, weight]), -1, 4).Read();
        Assert.AreSame(model, ConstantWeights.Evaluate(model));
    }

    [TestMethod]
    public void One_that_ONNX_Runtime_cannot_compute_is_refused()
    {
        var b = new ModelBuilder();
        var weight = b.Node("Reshape", [b.Random("w", 1, 5), b.Initializer(TensorValues.FromInt64s("shape", [2], [6, 4]))]);
        b.Output(b.Node("MatMul", [b.Input("input", -1, 6), weight]), -1, 4);
        Refusal.Expect(EfrapCode.ModelNotRunnable, () => ConstantWeights.Evaluate(b.Read()));
    }

    private static void AssertEvaluated(Func<ModelBuilder, string> weight, Action<TensorProto>? check = null)
    {
        var b = new ModelBuilder();
        var model = b.Output(b.Node("MatMul", [b.Input("input", -1, 6), weight(b)]), -1, 4).Read();
        var before = model.Proto.Clone();
        var evaluated = ConstantWeights.Evaluate(model);
        Assert.AreEqual(before, model.Proto, "the original was changed");
        Assert.AreEqual("MatMul", evaluated.Proto.Graph.Node.Single().OpType);
        check?.Invoke(new ModelGraph(evaluated).Constant(evaluated.Proto.Graph.Node[0].Input[1])!);
        Assert.HasCount(1, LayerPlanner.Plan(new ModelGraph(evaluated)).Layers);
        AssertSame(b, evaluated);
    }

    private static void AssertSame(ModelBuilder b, OnnxModel evaluated)
    {
        var input = b.Normal(3 * 6, 1);
        CollectionAssert.AreEqual(OrtRun.Single(b.Build(), input, 3, 6).Singles, OrtRun.Single(evaluated.Proto, input, 3, 6).Singles);
    }
}
