using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>Models of one layer whose weight is stored as random integers, in each of the forms that quantizers write.</summary>
internal sealed class IntegerModel
{
    private const string Microsoft = "com.microsoft";
    private const int Inputs = 40;
    private const int Outputs = 5;

    private readonly Random _random;
    private readonly ModelBuilder _builder;
    private readonly string _operator;
    private readonly DataType _type;

    private IntegerModel(string op, DataType type, int seed)
    {
        (_operator, _type) = (op, type);
        _random = new Random(seed);
        _builder = new ModelBuilder(opset: 21, ir: 10);
        _builder.Build().OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
    }

    /// <summary>A weight behind DequantizeLinear.</summary>
    /// <param name="op">Conv, Gemm or MatMul.</param>
    /// <param name="type">The type of the integers.</param>
    /// <param name="granularity">tensor, channel or block.</param>
    /// <param name="transposed">Whether a Gemm reads [outputs, inputs].</param>
    /// <param name="contrib">Whether the node is ONNX Runtime's own.</param>
    /// <param name="seed">What is drawn from.</param>
    public static OnnxModel Dequantized(string op, DataType type, string granularity, bool transposed = false, bool contrib = false, int seed = 1)
    {
        var made = new IntegerModel(op, type, seed);
        var shape = made.Shape(transposed);
        var axis = granularity == "block" ? (shape[0] == Inputs ? 0 : 1) : op == "Conv" || transposed ? 0 : 1;
        long[] scales = granularity switch
        {
            "tensor" => [],
            "channel" => [shape[axis]],
            _ => [.. shape.Select((size, i) => i == axis ? (size + 15) / 16 : size)],
        };
        var weight = made._builder.Node("DequantizeLinear", [made.Codes(shape), made.Scales(scales), made.ZeroPoints(scales)], ("axis", (long)axis));
        if (contrib)
            made._builder.Build().Graph.Node[^1].Domain = Microsoft;
        if (granularity == "block")
            made._builder.Build().Graph.Node[^1].Attribute.Add(new AttributeProto { Name = "block_size", Type = AttributeProto.Types.AttributeType.Int, I = 16 });
        return made.Layer(op, made.Input(), weight, ("transB", transposed ? 1L : 0L));
    }

    /// <summary>A weight in an integer operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="type">int8 or uint8; uint4 and uint8 for MatMulNBits.</param>
    /// <param name="perChannel">Whether each output channel has a scale.</param>
    /// <param name="transposed">Whether QGemm reads [outputs, inputs].</param>
    /// <param name="seed">What is drawn from.</param>
    public static OnnxModel Integer(string op, DataType type, bool perChannel, bool transposed = false, int seed = 1)
    {
        var made = new IntegerModel(op, type, seed);
        var shape = made.Shape(transposed);
        long[] scales = perChannel ? [op.Contains("Conv", StringComparison.Ordinal) ? shape[0] : Outputs] : [];
        return op switch
        {
            "MatMulNBits" => made.Blocks(),
            "DynamicQuantizeMatMul" => made.Layer(op, made.Input(), [made.Codes(shape), made.Scales(scales), made.ZeroPoints(scales)]),
            "QLinearConv" or "QLinearMatMul" or "QGemm" => made.OnFixedGrids(shape, scales, transposed),
            "MatMulIntegerToFloat" => made.ToFloat(shape, scales),
            _ => made.ScaledAfterwards(shape, scales),
        };
    }

    /// <summary>What the model gives in ONNX Runtime for an input on which all of its arithmetic is exact.</summary>
    public static float[] Run(OnnxModel model) => Run(model.Proto, model.Proto.Graph.Node.Any(n => n.OpType.Contains("Conv", StringComparison.Ordinal)));

    /// <summary>What float arithmetic gives for a weight that was read from a model.</summary>
    public static float[] Expected(QuantizedTensor weight)
    {
        var made = new IntegerModel(weight.Uses[0].Operator, DataType.Float, 1);
        var convolution = weight.Shape.Count > 2;
        var x = made.Input();
        var values = made._builder.Initializer(convolution
            ? TensorValues.FromSingles("w", weight.Shape, weight.Weights.Values)
            : TensorValues.FromSingles("w", [weight.Weights.Rows, weight.Weights.Columns], weight.Weights.Values));
        return Run((convolution ? made.Layer("Conv", x, values, ("group", 1L)) : made.Layer("Gemm", x, values, ("transB", 1L))).Proto, convolution);
    }

    /// <summary>How far the model's output may be from exact arithmetic: half a step where it is rounded.</summary>
    public static float Tolerance(string op) => op.StartsWith('Q') ? (0.5f * OutputScale(op)) + 1e-4f : 1e-4f;

    // Wide enough for sums over a kernel.
    private static float OutputScale(string op) => op == "QLinearConv" ? 0.25f : 0.05f;

    private static float[] Run(ModelProto model, bool convolution)
    {
        using var session = OrtSessions.Create(model, "model.onnx", o => o.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL);
        var random = new Random(5);
        var input = convolution
            ? [.. Enumerable.Range(0, 3 * 5 * 5).Select(_ => random.Next(2) == 0 ? 0f : 1f)]
            : Enumerable.Range(0, Inputs * Inputs).Select(i => i % (Inputs + 1) == 0 ? 1f : 0f).ToArray();
        using var value = OrtValue.CreateTensorValueFromMemory(input, convolution ? [1, 3, 5, 5] : [Inputs, Inputs]);
        return OrtRun.Run(session, [value])[0].Singles;
    }

    private long[] Shape(bool transposed) =>
        _operator.Contains("Conv", StringComparison.Ordinal) ? [6, 3, 3, 3] : transposed ? [Outputs, Inputs] : [Inputs, Outputs];

    private string Input() => _operator.Contains("Conv", StringComparison.Ordinal) || _operator == "Conv"
        ? _builder.Input("x", -1, 3, 5, 5)
        : _builder.Input("x", -1, Inputs);

    private OnnxModel Layer(string op, string x, string weight, params (string Name, object Value)[] attributes) =>
        Finish(_builder.Node(op, [x, weight], op == "Gemm" || attributes is [("group", _)] ? attributes : []));

    private OnnxModel Layer(string op, string x, string[] more)
    {
        var y = _builder.Node(op, [x, .. more]);
        _builder.Build().Graph.Node[^1].Domain = Microsoft;
        return Finish(y);
    }

    private OnnxModel Finish(string y)
    {
        _builder.Output(y, _operator.Contains("Conv", StringComparison.Ordinal) ? [-1, -1, -1, -1] : [-1, Outputs]);
        return _builder.Read();
    }

    // Activations of 0 and 1 are exact in steps of 1, which is also their maximum.
    private (string Codes, string Scale, string ZeroPoint) Quantized(bool atRunTime = false)
    {
        var x = Input();
        var scale = atRunTime
            ? _builder.Node("ReduceMax", [x], ("keepdims", 0L))
            : _builder.Initializer(TensorValues.FromSingles("x_scale", [], [1]));
        var zeroPoint = _builder.Initializer(TensorValues.FromUInt8s("x_zero_point", [], [3]));
        return (_builder.Node("QuantizeLinear", [x, scale, zeroPoint]), scale, zeroPoint);
    }

    private OnnxModel OnFixedGrids(long[] shape, long[] scales, bool transposed)
    {
        var (x, scale, zeroPoint) = Quantized();
        string[] weight = [Codes(shape), Scales(scales), ZeroPoints(scales)];
        var outScale = _builder.Initializer(TensorValues.FromSingles("y_scale", [], [OutputScale(_operator)]));
        var outPoint = _builder.Initializer(TensorValues.FromUInt8s("y_zero_point", [], [128]));
        string[] rest = _operator == "QGemm" ? [string.Empty, outScale, outPoint] : [outScale, outPoint];
        var y = _builder.Node(_operator, [x, scale, zeroPoint, .. weight, .. rest]);
        var node = _builder.Build().Graph.Node[^1];
        if (_operator == "QGemm")
        {
            node.Domain = Microsoft;
            node.Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = transposed ? 1 : 0 });
        }

        return Finish(_builder.Node("DequantizeLinear", [y, outScale, outPoint]));
    }

    private OnnxModel ScaledAfterwards(long[] shape, long[] scales)
    {
        var (x, scale, zeroPoint) = Quantized(atRunTime: true);
        var weightScale = Scales(scales);
        if (_operator == "ConvInteger" && scales.Length > 0)
            weightScale = Reshaped(weightScale, [1, shape[0], 1, 1]);

        // One zero point, which every version of the operators takes.
        var product = _builder.Node(_operator, [x, Codes(shape), zeroPoint, ZeroPoints([])]);
        var both = _builder.Node("Mul", [scale, weightScale]);
        return Finish(_builder.Node("Mul", [_builder.Node("Cast", [product], ("to", 1L)), both]));
    }

    private string Reshaped(string name, long[] dims)
    {
        var tensor = _builder.Build().Graph.Initializer.Single(i => i.Name == name);
        tensor.Dims.Clear();
        tensor.Dims.AddRange(dims);
        return name;
    }

    private OnnxModel ToFloat(long[] shape, long[] scales)
    {
        var (x, scale, zeroPoint) = Quantized();
        return Layer(_operator, x, [Codes(shape), scale, Scales(scales), zeroPoint, ZeroPoints(scales)]);
    }

    private OnnxModel Blocks()
    {
        var (bits, size) = (_type == DataType.Uint4 ? 4 : 8, 16);
        var blocks = (Inputs + size - 1) / size;
        var codes = _builder.Initializer(TensorValues.FromUInt8s("w_Q4", [Outputs, blocks, size * bits / 8], Bytes(Outputs * blocks * size * bits / 8)));
        var points = _builder.Initializer(TensorValues.FromUInt8s("w_zero_points", [Outputs * (((blocks * bits) + 7) / 8)], Bytes(Outputs * (((blocks * bits) + 7) / 8))));
        var model = Layer("MatMulNBits", Input(), [codes, Scales([Outputs * blocks]), points]);
        foreach (var (name, value) in new[] { ("K", Inputs), ("N", Outputs), ("bits", bits), ("block_size", size) })
            model.Proto.Graph.Node[^1].Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });
        return model;
    }

    private string Codes(long[] shape) => Add("w_quantized", shape, 1);

    private string ZeroPoints(long[] shape) => Add("w_zero_point", shape, 4);

    private string Scales(long[] shape) => _builder.Initializer(TensorValues.FromSingles(
        "w_scale", shape, [.. Enumerable.Range(0, Count(shape)).Select(_ => 0.01f + (0.01f * _random.NextSingle()))]));

    // Zero points near the middle of the range, so that weights of both signs remain.
    private string Add(string name, long[] shape, int part)
    {
        var (bits, unsigned) = (ElementType.Bits(_type), _type is DataType.Uint8 or DataType.Uint4);
        var half = 1 << (bits - 1);
        var values = Enumerable.Range(0, Count(shape)).Select(_ => _random.Next(-half / part, half / part) + (unsigned ? half : 0)).ToArray();
        return _builder.Initializer(_type switch
        {
            DataType.Int8 => TensorValues.FromInt8s(name, shape, [.. values.Select(v => (sbyte)v)]),
            DataType.Uint8 => TensorValues.FromUInt8s(name, shape, [.. values.Select(v => (byte)v)]),
            DataType.Int4 => TensorValues.FromInt4s(name, shape, [.. values.Select(v => (sbyte)v)]),
            _ => TensorValues.FromUInt4s(name, shape, [.. values.Select(v => (byte)v)]),
        });
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static int Count(long[] shape) => (int)shape.Aggregate(1L, (a, b) => a * b);
}
