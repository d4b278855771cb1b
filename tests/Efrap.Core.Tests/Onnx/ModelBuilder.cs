using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Onnx;

/// <summary>Builds small models node by node. Weights are drawn at random, the same ones for the same seed.</summary>
internal sealed class ModelBuilder
{
    private readonly ModelProto _model;
    private readonly Random _random;

    /// <summary>Begins a model without nodes.</summary>
    /// <param name="opset">The version of ONNX's own operator set.</param>
    /// <param name="ir">The IR version; below 4, every initializer is an input too.</param>
    /// <param name="seed">What the weights are drawn from.</param>
    public ModelBuilder(long opset = 13, long ir = 8, int seed = 1)
    {
        _random = new Random(seed);
        _model = new ModelProto
        {
            IrVersion = ir,
            OpsetImport = { new OperatorSetIdProto { Version = opset } },
            Graph = new GraphProto { Name = "graph" },
        };
    }

    /// <summary>Goes on from what another one has built, and leaves that alone.</summary>
    public ModelBuilder(ModelBuilder other)
    {
        _random = new Random(2);
        _model = other._model.Clone();
    }

    /// <summary>Adds a float input; a negative size is left open.</summary>
    public string Input(string name, params long[] dims) => Input(name, DataType.Float, dims);

    /// <summary>Adds an input; a negative size is left open.</summary>
    public string Input(string name, DataType type, params long[] dims)
    {
        _model.Graph.Input.Add(Value(name, type, dims));
        return name;
    }

    /// <summary>Adds a float output; a negative size is left open.</summary>
    public ModelBuilder Output(string name, params long[] dims)
    {
        _model.Graph.Output.Add(Value(name, DataType.Float, dims));
        return this;
    }

    /// <summary>Adds an initializer.</summary>
    public string Initializer(TensorProto tensor)
    {
        _model.Graph.Initializer.Add(tensor);
        if (_model.IrVersion < 4)
            _model.Graph.Input.Add(Value(tensor.Name, (DataType)tensor.DataType, [.. tensor.Dims]));
        return tensor.Name;
    }

    /// <summary>Adds an initializer of normally distributed values.</summary>
    public string Random(string name, double deviation, params long[] dims) =>
        Initializer(TensorValues.FromSingles(name, dims, Normal(dims.Aggregate(1L, (a, b) => a * b), deviation)));

    /// <summary>Normally distributed values.</summary>
    public float[] Normal(long count, double deviation) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => (float)(deviation * _random.NextNormal()))];

    /// <summary>Adds a node with one output, named after its operator and position.</summary>
    public string Node(string op, IEnumerable<string> inputs, params (string Name, object Value)[] attributes) =>
        Nodes(op, inputs, [$"{op.ToLowerInvariant()}{_model.Graph.Node.Count}"], attributes)[0];

    /// <summary>Adds a node whose outputs have names of their own.</summary>
    public string[] Nodes(string op, IEnumerable<string> inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{op}_{_model.Graph.Node.Count}", Input = { inputs }, Output = { outputs } };
        foreach (var (name, value) in attributes)
            node.Attribute.Add(Attribute(name, value));
        _model.Graph.Node.Add(node);
        return outputs;
    }

    /// <summary>Adds a convolution with a square kernel of odd size that keeps the size of the plane.</summary>
    public string Conv(string x, int inputs, int outputs, int kernel = 3, int groups = 1, bool bias = true)
    {
        var name = $"conv{_model.Graph.Node.Count}";
        var fan = inputs / groups * kernel * kernel;
        List<string> inputNames = [x, Random($"{name}.weight", 1 / Math.Sqrt(fan), outputs, inputs / groups, kernel, kernel)];
        if (bias)
            inputNames.Add(Random($"{name}.bias", 0.2, outputs));
        long pad = kernel / 2;
        return Node("Conv", inputNames, ("group", (long)groups), ("pads", new[] { pad, pad, pad, pad }));
    }

    /// <summary>Adds a Gemm.</summary>
    public string Gemm(string x, int inputs, int outputs, bool transposed, bool bias = true)
    {
        var name = $"gemm{_model.Graph.Node.Count}";
        long[] dims = transposed ? [outputs, inputs] : [inputs, outputs];
        List<string> inputNames = [x, Random($"{name}.weight", 1 / Math.Sqrt(inputs), dims)];
        if (bias)
            inputNames.Add(Random($"{name}.bias", 0.2, outputs));
        return Node("Gemm", inputNames, ("transB", transposed ? 1L : 0L));
    }

    /// <summary>Adds a product with a constant matrix.</summary>
    public string MatMul(string x, int inputs, int outputs)
    {
        var weight = Random($"matmul{_model.Graph.Node.Count}.weight", 1 / Math.Sqrt(inputs), inputs, outputs);
        return Node("MatMul", [x, weight]);
    }

    /// <summary>Adds a BatchNormalization with positive scales and variances.</summary>
    public string Normalization(string x, int channels, params (string Name, object Value)[] attributes)
    {
        var name = $"bn{_model.Graph.Node.Count}";
        return Node(
            "BatchNormalization",
            [
                x,
                Initializer(TensorValues.FromSingles($"{name}.scale", [channels], Positive(channels))),
                Random($"{name}.shift", 0.3, channels),
                Random($"{name}.mean", 0.3, channels),
                Initializer(TensorValues.FromSingles($"{name}.variance", [channels], Positive(channels))),
            ],
            attributes);
    }

    /// <summary>The model.</summary>
    public ModelProto Build() => _model;

    /// <summary>The model, as if read from a file.</summary>
    public OnnxModel Read() => new(_model, "model.onnx");

    /// <summary>A value's name, type and shape; a negative size is left open.</summary>
    public static ValueInfoProto Value(string name, DataType type, IReadOnlyList<long> dims)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in dims)
        {
            shape.Dim.Add(dim < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
                : new TensorShapeProto.Types.Dimension { DimValue = dim });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }

    private float[] Positive(int count) => [.. Enumerable.Range(0, count).Select(_ => 0.5f + _random.NextSingle())];

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        long i => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = i },
        float f => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = f },
        string s => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(s) },
        long[] l => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { l } },
        TensorProto t => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Tensor, T = t },
        GraphProto g => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = g },
        _ => throw new ArgumentException($"no attribute of {value.GetType()}", nameof(value)),
    };
}
