using Efrap.Torch.Runtime;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Comparisons, logic, and choices made by them.</summary>
internal static class Comparisons
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Binary("Equal", (a, b) => a.eq(b)),
        Operator.Binary("Greater", (a, b) => a.gt(b)),
        Operator.Binary("GreaterOrEqual", (a, b) => a.ge(b)),
        Operator.Binary("Less", (a, b) => a.lt(b)),
        Operator.Binary("LessOrEqual", (a, b) => a.le(b)),
        Operator.Unary("Not", x => x.logical_not()),
        Operator.Binary("And", (a, b) => a.logical_and(b)),
        Operator.Binary("Or", (a, b) => a.logical_or(b)),
        Operator.Of("Where", call => torch.where(call[0], call[1], call[2])),
        Operator.Of("ArgMax", LargestIndex, "axis", "keepdims", "select_last_index"),
    ];

    private static Tensor LargestIndex(NodeCall call)
    {
        var x = call[0];
        var axis = NodeCall.Axis(call.Integer("axis", 0), x.dim());
        var kept = call.Integer("keepdims", 1) != 0;
        return call.Integer("select_last_index", 0) == 0
            ? x.argmax(axis, kept)
            : x.flip(axis).argmax(axis, kept).neg().Plus(x.shape[axis] - 1);
    }
}
