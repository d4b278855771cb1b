using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Operators that pick, join and surround values.</summary>
internal static class Indexing
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of("Concat", call => torch.cat(call.All, NodeCall.Axis(call.Integer("axis", 1), call[0].dim())), "axis"),
        new("Split", Split, ["axis", "split", "num_outputs"]) { Outputs = int.MaxValue },
        Operator.Of("Slice", Slice, "starts", "ends", "axes"),
        Operator.Of("Gather", Gather, "axis"),
        Operator.Of("Pad", Pad, "mode", "pads", "value", "paddings") with
        {
            Refusal = (_, node) => node.Text("mode", "constant") is "constant" or "reflect" or "edge" or "wrap" ? null
                : $"with mode {DisplayName.Of(node.Text("mode", "constant"))}",
        },
    ];

    private static Tensor[] Split(NodeCall call)
    {
        var x = call[0];
        var axis = NodeCall.Axis(call.Integer("axis", 0), x.dim());
        var sizes = call.List(1, "split");
        if (sizes is null)
        {
            // Equal parts, the last one smaller where they do not come out even.
            var (count, length) = (call.Node.Output.Count, x.shape[axis]);
            var part = (length + count - 1) / count;
            sizes = [.. Enumerable.Range(0, count).Select(i => Math.Clamp(length - (i * part), 0, part))];
        }

        return x.split(sizes, axis);
    }

    private static Tensor Slice(NodeCall call)
    {
        var x = call[0];
        var starts = call.List(1, "starts") ?? throw new InvalidDataException("it has no starts");
        var ends = call.List(2, "ends") ?? throw new InvalidDataException("it has no ends");
        var axes = call.List(3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = call.List(4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new InvalidDataException("starts, ends, axes and steps differ in number");
        for (var i = 0; i < starts.Length; i++)
            x = Slice(x, NodeCall.Axis(axes[i], x.dim()), starts[i], ends[i], steps[i]);
        return x;
    }

    private static Tensor Slice(Tensor x, long axis, long start, long end, long step)
    {
        var size = x.shape[axis];
        if (step == 0)
            throw new InvalidDataException("a step is 0");

        // Longer steps take the first value alone, as this one does.
        step = Math.Clamp(step, -Math.Max(1, size), Math.Max(1, size));
        if (step > 0)
        {
            var (from, to) = (Math.Clamp(FromFront(start, size), 0, size), Math.Clamp(FromFront(end, size), 0, size));
            return x.slice(axis, from, Math.Max(from, to), step);
        }

        // Torch has no steps backwards.
        var (last, first) = (Math.Clamp(FromFront(start, size), -1, size - 1), Math.Clamp(FromFront(end, size), -1, size - 1));
        return x.index_select(axis, SafeArithmetic.Range(Math.Max(last, first), first, step));
    }

    // Ends may be the largest or the smallest integer there is.
    private static long FromFront(long index, long size) => index < 0 ? Math.Max(index, -size - 1) + size : index;

    private static Tensor Gather(NodeCall call)
    {
        var x = call[0];
        var axis = (int)NodeCall.Axis(call.Integer("axis", 0), x.dim());
        var indices = call[1].to_type(torch.ScalarType.Int64);
        indices = torch.where(indices.IsNegative(), indices.Plus(x.shape[axis]), indices);
        return x.index_select(axis, indices.flatten()).reshape([.. x.shape[..axis], .. indices.shape, .. x.shape[(axis + 1)..]]);
    }

    private static Tensor Pad(NodeCall call)
    {
        var x = call[0];
        var rank = (int)x.dim();
        var pads = call.List(1, "pads") ?? call.Integers("paddings") ?? throw new InvalidDataException("it has no pads");
        if (call.List(3) is { } axes)
        {
            var (all, count) = (new long[2 * rank], axes.Length);
            for (var i = 0; i < count; i++)
            {
                var axis = NodeCall.Axis(axes[i], rank);
                (all[axis], all[rank + axis]) = (pads[i], pads[count + i]);
            }

            pads = all;
        }

        if (pads.Length != 2 * rank)
            throw new InvalidDataException($"{pads.Length} pads for {rank} axes");
        var mode = call.Text("mode", "constant");
        if (mode == "constant")
        {
            var value = call.Optional(2) is { } given ? given.to_type(torch.ScalarType.Float64).item<double>() : call.Single("value", 0);
            return Window.Extend(x, pads[..rank], pads[rank..], value);
        }

        for (var axis = 0; axis < rank; axis++)
        {
            if (pads[axis] != 0 || pads[rank + axis] != 0)
                x = x.index_select(axis, Sources(x.shape[axis], pads[axis], pads[rank + axis], mode));
        }

        return x;
    }

    // Which value of an axis each value of the padded axis repeats.
    private static Tensor Sources(long size, long before, long after, string mode)
    {
        var places = SafeArithmetic.Range(-before, size + after);
        if (mode == "edge")
            return places.Clamped(0, size - 1);
        if (mode == "wrap")
            return places.Modulo(size);
        var period = Math.Max(1, 2 * (size - 1));
        var phases = places.Modulo(period);
        return phases.minimum(phases.neg().Plus(period)).Clamped(0, size - 1);
    }
}
