using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Reductions over axes.</summary>
internal static class Reductions
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Of("ReduceMean", (x, axes, kept) => x.mean(axes, kept)),
        Of("ReduceSum", (x, axes, kept) => x.sum(axes, kept, x.dtype)),
        Of("ReduceMax", (x, axes, kept) => x.amax(axes, kept)),
        Of("ReduceMin", (x, axes, kept) => x.amin(axes, kept)),
    ];

    private static Operator Of(string name, Func<Tensor, long[], bool, Tensor> reduce) => Operator.Of(
        name,
        call =>
        {
            var x = call[0];
            var axes = call.List(1, "axes") ?? [];
            if (axes.Length == 0 && call.Integer("noop_with_empty_axes", 0) != 0)
                return x;
            var all = Enumerable.Range(0, (int)x.dim()).Select(i => (long)i);
            long[] reduced = axes.Length == 0 ? [.. all] : [.. axes.Select(a => NodeCall.Axis(a, x.dim()))];

            // Torch takes no axes for all of them, and a scalar has none.
            return reduced.Length == 0 ? x : reduce(x, reduced, call.Integer("keepdims", 1) != 0);
        },
        "axes", "keepdims", "noop_with_empty_axes");
}
