using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Onnx;

/// <summary>The smallest models that still have one of everything that a test needs.</summary>
internal static class TinyModel
{
    /// <summary>One Gemm of a float [2,3] weight; every part of the format that may hold a tensor holds one.</summary>
    /// <returns>The model.</returns>
    public static ModelProto Create()
    {
        var branch = new GraphProto { Name = "then", Initializer = { TensorValues.FromInt64s("inner", [2], [7, 8]) } };
        var sparse = new SparseTensorProto
        {
            Values = TensorValues.FromSingles("sparse", [1], [5]),
            Indices = TensorValues.FromInt64s("positions", [1], [3]),
            Dims = { 2, 3 },
        };
        return new ModelProto
        {
            IrVersion = 10,
            OpsetImport = { new OperatorSetIdProto { Version = 21 } },
            Graph = new GraphProto
            {
                Name = "g",
                Input = { Value("x", 1, 3) },
                Output = { Value("y", 1, 2) },
                Initializer = { TensorValues.FromSingles("w", [2, 3], [1, 2, 3, 4, 5, 6]) },
                SparseInitializer = { sparse },
                Node =
                {
                    new NodeProto
                    {
                        Name = "fc",
                        OpType = "Gemm",
                        Input = { "x", "w" },
                        Output = { "y" },
                        Attribute = { new AttributeProto { Name = "transB", I = 1, Type = AttributeProto.Types.AttributeType.Int } },
                    },
                    new NodeProto
                    {
                        OpType = "If",
                        Attribute = { new AttributeProto { Name = "then_branch", G = branch } },
                    },
                    new NodeProto
                    {
                        OpType = "Constant",
                        Attribute = { new AttributeProto { Name = "value", T = TensorValues.FromInt4s(string.Empty, [3], [1, -2, 3]) } },
                    },
                },
            },
            Functions =
            {
                new FunctionProto
                {
                    Name = "f",
                    AttributeProto = { new AttributeProto { Name = "a", Tensors = { TensorValues.FromSingles("fa", [], [1]) } } },
                },
            },
            TrainingInfo =
            {
                new TrainingInfoProto
                {
                    Algorithm = new GraphProto { Initializer = { TensorValues.FromSingles("rate", [], [0.1f]) } },
                },
            },
        };
    }

    /// <summary>A model of nothing but one initializer.</summary>
    /// <param name="tensor">The initializer.</param>
    /// <returns>The model.</returns>
    public static ModelProto With(TensorProto tensor) => new() { IrVersion = 10, Graph = new GraphProto { Initializer = { tensor } } };

    /// <summary>A float tensor [2,3] whose values lie outside the model.</summary>
    /// <param name="entries">The keys and values of its reference.</param>
    /// <returns>The tensor.</returns>
    public static TensorProto External(params (string Key, string Value)[] entries)
    {
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = (int)DataType.Float,
            Dims = { 2, 3 },
            DataLocation = DataLocation.External,
        };
        foreach (var (key, value) in entries)
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return tensor;
    }

    /// <summary>Writes a model without any of the writer's checks.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model.</param>
    /// <returns>The file's path.</returns>
    public static string WriteTo(TemporaryFolder folder, ModelProto model) => folder.Write("model.onnx", model.ToByteArray());

    private static ValueInfoProto Value(string name, params long[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in dims)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dim });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } },
        };
    }
}
