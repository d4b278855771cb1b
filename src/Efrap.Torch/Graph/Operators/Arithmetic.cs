using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Arithmetic value by value, and conversions between types.</summary>
internal static class Arithmetic
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Binary("Add", (a, b) => a.Plus(b)),
        Operator.Binary("Sub", (a, b) => a.sub(b)),
        Operator.Binary("Mul", (a, b) => a.mul(b)),
        Operator.Binary("Div", Divide),
        Operator.Binary("Pow", (a, b) => a.pow(b).to_type(a.dtype)),
        Operator.Unary("Sqrt", x => x.sqrt()),
        Operator.Unary("Exp", x => x.exp()),
        Operator.Unary("Log", x => x.log()),
        Operator.Unary("Neg", x => x.neg()),
        Operator.Unary("Abs", x => x.abs()),
        Operator.Unary("Sign", x => x.sign()),
        Operator.Unary("Sin", x => x.sin()),
        Operator.Unary("Cos", x => x.cos()),
        Operator.Unary("Reciprocal", x => x.reciprocal()),
        Operator.Unary("Floor", x => x.floor()),
        Operator.Unary("Ceil", x => x.ceil()),
        Operator.Unary("Round", x => x.round()),
        Operator.Of("Min", call => call.All.Aggregate((a, b) => a.minimum(b))),
        Operator.Of("Max", call => call.All.Aggregate((a, b) => a.maximum(b))),
        Operator.Of("Sum", call => call.All.Aggregate((a, b) => a.Plus(b))),
        Operator.Of("Mean", call => call.All.Aggregate((a, b) => a.Plus(b)).DividedBy(call.Count)),
        Operator.Of("Cast", call => Cast(call[0], (DataType)call.Integer("to", 0)), "to", "saturate", "round_mode") with
        {
            Refusal = (_, node) => TorchTypes.Of((DataType)node.Integer("to", 0)) is null
                ? $"to {ElementType.Name((DataType)node.Integer("to", 0))}" : null,
        },
        Operator.Unary("Identity", x => x),
        Operator.Of("Dropout", call => call[0], "ratio", "seed", "is_test"),
    ];

    // Between integers ONNX cuts the fraction off, where torch would turn to floats.
    private static Tensor Divide(Tensor a, Tensor b) => a.is_integral() && b.is_integral() ? a.div(b, torch.RoundingMode.trunc) : a.div(b);

    private static Tensor Cast(Tensor x, DataType type) => type switch
    {
        // The values of a half, in single precision, as everything here.
        DataType.Float16 => x.to_type(torch.ScalarType.Float16).to_type(torch.ScalarType.Float32),
        DataType.Bfloat16 => x.to_type(torch.ScalarType.BFloat16).to_type(torch.ScalarType.Float32),
        _ => x.to_type(TorchTypes.Of(type)!.Value),
    };
}
