using CsCheck;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using Google.Protobuf;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>Whatever is altered in a quantized model: it is read and matched, or refused in one line.</summary>
[TestClass]
public sealed class AlteredModelsTests
{
    private static readonly OnnxModel _source = Source();

    private static readonly IReadOnlyList<ModelProto> _models =
    [
        Hardened.Of(Net(), Precision.Int8).Model,
        Hardened.Of(Net(), Precision.Int4Weights).Model,
        IntegerModel.Dequantized("Gemm", TensorProto.Types.DataType.Int4, "block").Proto,
        IntegerModel.Integer("QLinearConv", TensorProto.Types.DataType.Int8, perChannel: true).Proto,
        IntegerModel.Integer("QGemm", TensorProto.Types.DataType.Uint8, perChannel: true, transposed: true).Proto,
        IntegerModel.Integer("ConvInteger", TensorProto.Types.DataType.Uint8, perChannel: true).Proto,
        IntegerModel.Integer("MatMulInteger", TensorProto.Types.DataType.Int8, perChannel: true).Proto,
        IntegerModel.Integer("MatMulIntegerToFloat", TensorProto.Types.DataType.Int8, perChannel: true).Proto,
        IntegerModel.Integer("MatMulNBits", TensorProto.Types.DataType.Uint4, perChannel: true).Proto,
    ];

    [TestMethod]
    public void End_well_or_in_a_code() => Gen.Select(Gen.Int[0, _models.Count - 1], Gen.Int, Gen.Int[1, 3]).Sample(
        (index, seed, changes) =>
        {
            var model = _models[index].Clone();
            var random = new Random(seed);
            for (var i = 0; i < changes; i++)
                Alter(model.Graph, random);
            using var folder = new TemporaryFolder();
            var path = folder.Write("model.onnx", model.ToByteArray());
            Refusal.AtMost(1, 2999, () =>
            {
                var matches = SourceModel.Match(_source, OnnxModelReader.Read(path)).Matches;
                Assert.IsNotEmpty(matches.Matches);
            });
        },
        iter: 1500);

    private static void Alter(GraphProto graph, Random random)
    {
        var node = graph.Node[random.Next(graph.Node.Count)];
        var tensor = graph.Initializer[random.Next(graph.Initializer.Count)];
        switch (random.Next(9))
        {
            case 0 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 1 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = random.Next(3) == 0 ? string.Empty : tensor.Name;
                break;
            case 2 when node.Attribute.Count > 0:
                node.Attribute[random.Next(node.Attribute.Count)].I = Number(random);
                break;
            case 3 when node.Attribute.Count > 0:
                node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
                break;
            case 4 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Number(random);
                break;
            case 5:
                // As many elements in another shape: only the operators can tell.
                var dims = tensor.Dims.ToArray();
                random.Shuffle(dims);
                tensor.Dims.Clear();
                tensor.Dims.AddRange(random.Next(2) == 0 ? dims : [dims.Aggregate(1L, (a, b) => a * b)]);
                break;
            case 6:
                tensor.DataType = random.Next(0, 24);
                break;
            case 7:
                node.OpType = graph.Node[random.Next(graph.Node.Count)].OpType;
                break;
            default:
                if (node.Output.Count > 0 && random.Next(2) == 0)
                    node.Output.RemoveAt(0);
                else
                    node.Domain = random.Next(2) == 0 ? string.Empty : "com.microsoft";
                break;
        }
    }

    private static long Number(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => -1,
        2 => long.MaxValue,
        3 => long.MinValue,
        4 => int.MaxValue,
        _ => random.Next(1, 50),
    };

    private static ModelBuilder Net()
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 4, 6, 6), 4, 8, groups: 2)]);
        b.Output(b.Gemm(b.Node("Flatten", [b.Node("GlobalAveragePool", [x])]), 8, 6, transposed: true), -1, 6);
        return b;
    }

    // Layers of every shape that the models have.
    private static OnnxModel Source()
    {
        var b = Net();
        b.Output(b.Gemm(b.Input("x", -1, 40), 40, 5, transposed: true), -1, 5);
        b.Output(b.Conv(b.Input("image", -1, 3, 5, 5), 3, 6), -1, 6, 5, 5);
        return b.Read();
    }
}
