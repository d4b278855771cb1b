using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using Microsoft.ML.OnnxRuntime;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Inference;

/// <summary>
/// What the sweep saw is what the written model does: for every layer, A(b) as reported equals E‖y − Ŵx̂ − bias‖²
/// with x̂ taken from a run of the whole hardened model and y from a run of the whole original.
/// </summary>
[TestClass]
public sealed class SweepAgreementTests
{
    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int8Weights)]
    [DataRow(Precision.Int4Weights)]
    public void On_a_residual_net(Precision precision) => AssertAgrees(Nets.Residual(2), precision);

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int4Weights)]
    public void On_grouped_convolutions_pooling_and_products(Precision precision)
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 8, 8), 3, 8)]);
        x = b.Node("MaxPool", [b.Conv(x, 8, 8, groups: 8)], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        x = b.Node("Clip", [b.Conv(x, 8, 12, groups: 2, bias: false), string.Empty, b.Initializer(TensorValues.FromSingles("six", [], [6]))]);
        x = b.Node("Flatten", [b.Conv(x, 12, 4, kernel: 1)]);
        x = b.Node("Tanh", [b.Gemm(x, 64, 10, transposed: false)]);
        AssertAgrees(b.Output(b.MatMul(x, 10, 5), -1, 5), precision);
    }

    [TestMethod]
    public void With_a_missed_budget_and_with_nearest_rounding()
    {
        foreach (var solver in new[] { Solver.Budget, Solver.Nearest })
            AssertAgrees(Nets.Chain(3), Precision.Int8, solver);
    }

    private static void AssertAgrees(ModelBuilder builder, Precision precision, Solver? solver = null)
    {
        // Few enough positions that the sweep looks at all of them.
        var hardened = Hardened.Of(builder, precision, solver, samples: 80);
        var layers = hardened.Plan.Layers;
        var nodes = layers.Select(l => hardened.Model.Graph.Node.Single(n => n.Name == l.Name)).ToList();
        var expected = Observe(hardened, hardened.Graph.Model.Proto, layers.Select(l => (l.Output, DataType.Float)));
        var inputs = precision == Precision.Int8
            ? nodes.Select(n => (hardened.Producer(n.Input[0])!.Input[0], DataType.Uint8))
            : nodes.Select(n => (n.Input[0], DataType.Float));
        var actual = Observe(hardened, hardened.Model, inputs);
        for (var i = 0; i < layers.Count; i++)
        {
            var (error, positions) = (0.0, 0L);
            using var session = OrtSessions.Create(LayerAlone(hardened, layers[i], nodes[i]), "layer.onnx");
            for (var batch = 0; batch < expected.Count; batch++)
            {
                using var x = ToValue(actual[batch][i], precision == Precision.Int8);
                var y = expected[batch][i].Singles;
                var rounded = OrtRun.Run(session, [x])[0].Singles;
                error += y.Zip(rounded, (a, b) => Math.Pow((double)a - b, 2)).Sum();
                positions += y.Length / layers[i].Weights.Rows;
            }

            var reported = hardened.Roundings[layers[i].Name].Error;
            Assert.AreEqual(error / positions, reported, 1e-3 * reported, layers[i].Name);
        }
    }

    // The layer on its own: its input as stored, its weights as stored, its bias in full precision.
    private static ModelProto LayerAlone(Hardened hardened, QuantizableLayer layer, NodeProto node)
    {
        var model = new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "layer" } };
        model.OpsetImport.AddRange(hardened.Model.OpsetImport);
        var alone = hardened.Graph.Nodes[layer.NodeIndex].Clone();
        alone.Input[0] = "x";
        if (hardened.Producer(node.Input[0]) is { OpType: "DequantizeLinear" } restore)
        {
            model.Graph.Input.Add(ModelBuilder.Value("codes", DataType.Uint8, []));
            model.Graph.Node.Add(new NodeProto
            {
                OpType = "DequantizeLinear",
                Input = { "codes", restore.Input[1], restore.Input[2] },
                Output = { "x" },
            });
            model.Graph.Initializer.Add(hardened.Initializer(restore.Input[1]));
            model.Graph.Initializer.Add(hardened.Initializer(restore.Input[2]));
        }
        else
        {
            model.Graph.Input.Add(ModelBuilder.Value("x", DataType.Float, []));
        }

        model.Graph.Input[0].Type.TensorType.Shape = null;
        var stored = hardened.Producer(node.Input[1])!;
        var scales = TensorValues.ToSingles(hardened.Initializer(stored.Input[1]));
        var codes = layer.Weights.ToRows(TensorValues.ToInt64s(hardened.Initializer(stored.Input[0])));
        var weights = layer.Weights.ToTensor(codes.Select((c, i) => c * scales[i / layer.Weights.Columns]).ToArray());
        model.Graph.Initializer.Add(TensorValues.FromSingles(layer.Weight, layer.Weights.Shape, weights));
        if (layer.Bias is { } bias)
            model.Graph.Initializer.Add(hardened.Graph.Constant(bias));
        model.Graph.Node.Add(alone);
        model.Graph.Output.Add(new ValueInfoProto { Name = layer.Output });
        return model;
    }

    // All batches of the named values, from a run of a whole model.
    private static List<Tensor[]> Observe(Hardened hardened, ModelProto original, IEnumerable<(string Name, DataType Type)> values)
    {
        var model = original.Clone();
        model.Graph.Output.Clear();
        model.Graph.Output.AddRange(values.Select(v => v.Name).Distinct().Select(n => new ValueInfoProto { Name = n }));
        using var session = OrtSessions.Create(model, "model.onnx");
        var batches = new List<Tensor[]>();
        for (var batch = 0; batch < hardened.SampleSet.BatchCount; batch++)
        {
            var sample = hardened.SampleSet.GetBatch(batch).Single();
            var input = new Tensor([.. sample.Shape], sample.Data);
            using var value = ToValue(input, codes: false);
            var byName = session.OutputNames.Zip(OrtRun.Run(session, [value])).ToDictionary(p => p.First, p => p.Second);
            batches.Add([.. values.Select(v => byName[v.Name])]);
        }

        return batches;
    }

    private static OrtValue ToValue(Tensor tensor, bool codes) => codes
        ? OrtValue.CreateTensorValueFromMemory(tensor.Data, tensor.Shape)
        : OrtValue.CreateTensorValueFromMemory(tensor.Singles, tensor.Shape);
}
