using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>
/// A net of a convolution, a grouped one and a product with a matrix; and the same as quantizers write it that leave no float
/// operators: on fixed grids, and with activations that are quantized at run time. Weights are int8, nearest, per channel.
/// </summary>
internal static class IntegerNet
{
    private const int Size = 6;
    private const int Channels = 4;

    /// <summary>The number of outputs.</summary>
    public const int Outputs = 5;

    /// <summary>The full-precision net.</summary>
    public static ModelBuilder Source()
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 3, Size, Size);
        x = b.Node("Relu", [b.Node("Conv", [x, b.Random("first.weight", 0.2, Channels, 3, 3, 3), b.Random("first.bias", 0.2, Channels)], ("pads", Pads), ("strides", new[] { 1L, 1L }))]);
        x = b.Node("Relu", [b.Node("Conv", [x, b.Random("second.weight", 0.2, Channels, 2, 3, 3), b.Random("second.bias", 0.2, Channels)], ("pads", Pads), ("group", 2L))]);
        x = b.Node("MatMul", [b.Node("Flatten", [x]), b.Random("third.weight", 0.1, Channels * Size * Size, Outputs)]);
        return b.Output(x, -1, Outputs);
    }

    /// <summary>Two QLinearConv, and behind them a MatMul that reads its weight through DequantizeLinear.</summary>
    public static ModelBuilder OnFixedGrids()
    {
        var (b, weights) = Begin();
        b.Initializer(TensorValues.FromSingles("grid.scale", [], [0.03f]));
        b.Initializer(TensorValues.FromUInt8s("grid.zero", [], [0]));
        b.Initializer(TensorValues.FromSingles("input.scale", [], [4 / 255f]));
        b.Initializer(TensorValues.FromUInt8s("input.zero", [], [128]));
        var x = b.Node("QuantizeLinear", [b.Input("input", -1, 3, Size, Size), "input.scale", "input.zero"]);

        // Codes of a grid that begins at 0 are those of a Relu.
        x = b.Node("QLinearConv", [x, "input.scale", "input.zero", .. Stored(b, weights, "first"), "grid.scale", "grid.zero", Bias(b, weights, "first", 4 / 255f)], ("pads", Pads));
        x = b.Node("QLinearConv", [x, "grid.scale", "grid.zero", .. Stored(b, weights, "second"), "grid.scale", "grid.zero", Bias(b, weights, "second", 0.03f)], ("pads", Pads), ("group", 2L));
        x = b.Node("Flatten", [b.Node("DequantizeLinear", [x, "grid.scale", "grid.zero"])]);
        x = b.Node("MatMul", [x, b.Node("DequantizeLinear", Stored(b, weights, "third"), ("axis", 1L))]);
        return b.Output(x, -1, Outputs);
    }

    /// <summary>Two ConvInteger and a MatMulInteger.</summary>
    public static ModelBuilder AtRunTime()
    {
        var (b, weights) = Begin();
        var x = Scaled(b, weights, b.Input("input", -1, 3, Size, Size), "first", "ConvInteger", ("pads", Pads));
        x = Scaled(b, weights, b.Node("Relu", [x]), "second", "ConvInteger", ("pads", Pads), ("group", 2L));
        return b.Output(Scaled(b, weights, b.Node("Flatten", [b.Node("Relu", [x])]), "third", "MatMulInteger"), -1, Outputs);
    }

    private static long[] Pads => [1, 1, 1, 1];

    private static (ModelBuilder, ModelProto) Begin() => (new ModelBuilder(), Source().Build());

    private static string Scaled(ModelBuilder b, ModelProto weights, string x, string layer, string op, params (string, object)[] attributes)
    {
        var codes = b.Nodes("DynamicQuantizeLinear", [x], [$"{layer}.codes", $"{layer}.scale", $"{layer}.zero"]);
        var stored = Stored(b, weights, layer);
        var product = b.Node("Cast", [b.Node(op, [codes[0], stored[0], codes[2]], attributes)], ("to", 1L));
        var scale = b.Build().Graph.Initializer.Single(i => i.Name == stored[1]);
        if (op == "ConvInteger")
        {
            scale.Dims.Clear();
            scale.Dims.AddRange([1, Channels, 1, 1]);
        }

        var y = b.Node("Mul", [product, b.Node("Mul", [codes[1], stored[1]])]);
        if (weights.Graph.Initializer.SingleOrDefault(i => i.Name == $"{layer}.bias") is not { } bias)
            return y;
        return b.Node("Add", [y, b.Initializer(TensorValues.FromSingles($"{layer}.bias", [1, Channels, 1, 1], TensorValues.ToSingles(bias)))]);
    }

    private static string[] Stored(ModelBuilder b, ModelProto weights, string layer)
    {
        var (lattice, shape) = Lattice(weights, layer);
        return
        [
            b.Initializer(TensorValues.FromInt8s($"{layer}.weight_quantized", shape, lattice.Weights.ToTensor(lattice.Codes(lattice.NearestUp)))),
            b.Initializer(TensorValues.FromSingles($"{layer}.weight_scale", [lattice.Scales.Length], lattice.Scales)),
            b.Initializer(TensorValues.FromInt8s($"{layer}.weight_zero_point", [lattice.Scales.Length], new sbyte[lattice.Scales.Length])),
        ];
    }

    private static string Bias(ModelBuilder b, ModelProto weights, string layer, float inputScale)
    {
        var bias = TensorValues.ToSingles(weights.Graph.Initializer.Single(i => i.Name == $"{layer}.bias"));
        var scales = Lattice(weights, layer).Lattice.Scales;
        return b.Initializer(TensorValues.FromInt32s(
            $"{layer}.bias_quantized", [bias.Length], [.. bias.Zip(scales, (value, scale) => (int)MathF.Round(value / (scale * inputScale)))]));
    }

    private static (WeightLattice Lattice, long[] Shape) Lattice(ModelProto weights, string layer)
    {
        var weight = weights.Graph.Initializer.Single(i => i.Name == $"{layer}.weight");
        var matrix = new WeightMatrix(TensorValues.ToSingles(weight), weight.Dims, transposed: weight.Dims.Count == 2, groups: layer == "second" ? 2 : 1);
        return (WeightLattice.PerChannel(matrix, 8), [.. weight.Dims]);
    }
}
