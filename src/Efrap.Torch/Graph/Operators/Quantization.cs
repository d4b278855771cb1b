using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Torch.Runtime;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>
/// QuantizeLinear and DequantizeLinear. The integers between them are floats that hold whole numbers, because torch takes no
/// gradients of integers. Rounding passes the gradient straight through; outside the integers' range it is 0.
/// </summary>
internal static class Quantization
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of("QuantizeLinear", Quantize, "axis", "block_size", "output_dtype", "precision", "saturate") with
        {
            OtherDomains = ["com.microsoft"],
            Refusal = (graph, node) => Range(CodeType(graph, node)) is null ? "to a type other than an integer of up to 16 bits" : null,
        },
        Operator.Of("DequantizeLinear", Dequantize, "axis", "block_size", "output_dtype") with { OtherDomains = ["com.microsoft"] },
    ];

    private static Tensor Quantize(NodeCall call)
    {
        var x = call[0];
        var (low, high) = Range(CodeType(call.Graph, call.Node))!.Value;
        var scaled = x.div(PerAxis(call, call[1], x));
        if (call.Optional(2) is not { } given)
            return Round(scaled.Clamped(low, high), null);
        var zeroPoint = PerAxis(call, given, x).to_type(x.dtype);

        // The range around 0, so that rounding comes before the shift and ties go to even as ONNX has it.
        return Round(scaled.clamp(zeroPoint.neg().Plus(low), zeroPoint.neg().Plus(high)), zeroPoint);
    }

    private static Tensor Dequantize(NodeCall call)
    {
        var scale = call[1];
        var codes = call[0].to_type(scale.dtype);
        var shifted = call.Optional(2) is { } zeroPoint ? codes.sub(PerAxis(call, zeroPoint, codes).to_type(scale.dtype)) : codes;
        return shifted.mul(PerAxis(call, scale, codes));
    }

    // Half to even, then the shift. With gradients, a zero is added that has the gradient of the unrounded value.
    private static Tensor Round(Tensor inRange, Tensor? zeroPoint)
    {
        using var unrounded = inRange.detach();
        var codes = unrounded.round();
        if (zeroPoint is not null)
            codes.Increase(zeroPoint);
        return inRange.requires_grad ? inRange.sub(unrounded).Increase(codes) : codes;
    }

    // One value for all, one along an axis, or one for each block along an axis.
    private static Tensor PerAxis(NodeCall call, Tensor parameter, Tensor x)
    {
        if (parameter.numel() == 1)
            return parameter.reshape([]);
        var axis = (int)NodeCall.Axis(call.Integer("axis", 1), x.dim());
        if (parameter.dim() == 1)
        {
            if (parameter.shape[0] != x.shape[axis])
                throw new InvalidDataException($"{parameter.shape[0]} scales or zero points for {x.shape[axis]} values along axis {axis}");
            return parameter.reshape([-1, .. Enumerable.Repeat(1L, (int)x.dim() - axis - 1)]);
        }

        var block = call.Integer("block_size", 0);
        if (block < 1 || parameter.dim() != x.dim() || parameter.shape[axis] != ((x.shape[axis] - 1) / block) + 1)
            throw new InvalidDataException($"scales or zero points do not fit blocks of {block} along axis {axis}");
        return parameter.repeat_interleave(block, axis).narrow(axis, 0, x.shape[axis]);
    }

    private static DataType CodeType(ModelGraph graph, NodeProto node)
    {
        if (node.OptionalInput(2) is not { } zeroPoint)
            return (DataType)node.Integer("output_dtype", 0) is var type && type != 0 ? type : DataType.Uint8;
        return graph.Constant(zeroPoint) is { } tensor ? (DataType)tensor.DataType : DataType.Undefined;
    }

    private static (double Low, double High)? Range(DataType type) => type switch
    {
        DataType.Uint8 => (0, 255),
        DataType.Int8 => (-128, 127),
        DataType.Uint4 => (0, 15),
        DataType.Int4 => (-8, 7),
        DataType.Uint2 => (0, 3),
        DataType.Int2 => (-2, 1),
        DataType.Uint16 => (0, 65535),
        DataType.Int16 => (-32768, 32767),
        _ => null,
    };
}
