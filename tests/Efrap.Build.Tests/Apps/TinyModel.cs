using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.AttributeProto.Types;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using static Efrap.Core.Onnx.Proto.TypeProto.Types;

namespace Efrap.Build.Tests.Apps;

/// <summary>A model that hardens in a moment: Conv, Relu, GlobalAveragePool, Flatten and Gemm on <c>input</c> [N,3,8,8].</summary>
internal static class TinyModel
{
    /// <summary>The shape of one sample, channels first.</summary>
    public static readonly int[] SampleShape = [3, 8, 8];

    private const int Channels = 4;
    private const int Classes = 3;

    /// <summary>Makes the model's bytes.</summary>
    /// <param name="seed">Draws the weights: each seed gives another model.</param>
    /// <returns>An ONNX file, opset 13.</returns>
    public static byte[] Create(int seed)
    {
        var random = new Random(seed);
        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = new GraphProto
            {
                Name = "tiny",
                Input = { Value("input", SampleShape) },
                Output = { Value("logits", [Classes]) },
                Initializer =
                {
                    Weights("conv.weight", [Channels, SampleShape[0], 3, 3], random),
                    Weights("conv.bias", [Channels], random),
                    Weights("fc.weight", [Channels, Classes], random),
                    Weights("fc.bias", [Classes], random),
                },
                Node =
                {
                    Node("Conv", "conv", ["input", "conv.weight", "conv.bias"], Integers("kernel_shape", 3, 3)),
                    Node("Relu", "relu", ["conv"]),
                    Node("GlobalAveragePool", "pool", ["relu"]),
                    Node("Flatten", "flat", ["pool"]),
                    Node("Gemm", "logits", ["flat", "fc.weight", "fc.bias"]),
                },
            },
        }.ToByteArray();
    }

    private static NodeProto Node(string type, string output, string[] inputs, params AttributeProto[] attributes) =>
        new() { Name = type, OpType = type, Input = { inputs }, Output = { output }, Attribute = { attributes } };

    private static AttributeProto Integers(string name, params long[] values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    private static TensorProto Weights(string name, long[] shape, Random random)
    {
        var values = new float[shape.Aggregate((a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() - 0.5f;
        return TensorValues.FromSingles(name, shape, values);
    }

    private static ValueInfoProto Value(string name, int[] sampleShape)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        shape.Dim.Add(sampleShape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new() { Name = name, Type = new TypeProto { TensorType = new Tensor { ElemType = (int)DataType.Float, Shape = shape } } };
    }
}
