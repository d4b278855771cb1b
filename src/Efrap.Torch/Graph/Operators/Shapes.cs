using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Operators that change or read shapes, and those that make tensors of a shape.</summary>
internal static class Shapes
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of("Reshape", Reshape, "shape", "allowzero"),
        Operator.Of("Flatten", call => Flatten(call[0], (int)FlattenAxis(call)), "axis"),
        Operator.Of("Transpose", Transpose, "perm"),
        Operator.Of("Squeeze", Squeeze, "axes"),
        Operator.Of("Unsqueeze", Unsqueeze, "axes"),
        Operator.Of("Shape", ShapeOf, "start", "end"),
        Operator.Of("Expand", Expand),
        Operator.Of("Tile", call => call[0].repeat(call.List(1)!)),
        Operator.Of("ConstantOfShape", Fill, "value"),
        Operator.Of("Range", Range),
    ];

    /// <summary>A matrix: the axes before one are its rows.</summary>
    internal static Tensor Flatten(Tensor x, int axis) => x.reshape(Product(x.shape[..axis]), Product(x.shape[axis..]));

    // Unlike elsewhere, the axis may be the one after the last.
    private static long FlattenAxis(NodeCall call)
    {
        var axis = call.Integer("axis", 1);
        return axis == call[0].dim() ? axis : NodeCall.Axis(axis, call[0].dim());
    }

    private static Tensor Reshape(NodeCall call)
    {
        var x = call[0];
        var shape = call.List(1, "shape") ?? throw new InvalidDataException("it has no shape");
        if (call.Integer("allowzero", 0) == 0)
            shape = [.. shape.Select((size, i) => size != 0 ? size : i < x.dim() ? x.shape[i] : throw new InvalidDataException($"there is no axis {i} to keep"))];
        return x.reshape(shape);
    }

    private static Tensor Transpose(NodeCall call)
    {
        var axes = call.Integers("perm") ?? [.. Enumerable.Range(0, (int)call[0].dim()).Reverse().Select(i => (long)i)];
        return call[0].permute(axes);
    }

    private static Tensor Squeeze(NodeCall call)
    {
        var x = call[0];
        if (call.List(1, "axes") is not { } axes)
            return x.squeeze();
        var dropped = axes.Select(a => NodeCall.Axis(a, x.dim())).ToHashSet();
        if (dropped.FirstOrDefault(a => x.shape[a] != 1, -1) is >= 0 and var wrong)
            throw new InvalidDataException($"axis {wrong} has {x.shape[wrong]} values");
        return x.reshape([.. x.shape.Where((_, i) => !dropped.Contains(i))]);
    }

    private static Tensor Unsqueeze(NodeCall call)
    {
        var x = call[0];
        var axes = call.List(1, "axes") ?? throw new InvalidDataException("it has no axes");
        var rank = x.dim() + axes.Length;
        foreach (var axis in axes.Select(a => NodeCall.Axis(a, rank)).Order())
            x = x.unsqueeze(axis);
        return x;
    }

    private static Tensor ShapeOf(NodeCall call)
    {
        var shape = call[0].shape;
        var start = Clamp(call.Integer("start", 0), shape.Length);
        var end = Clamp(call.Integer("end", shape.Length), shape.Length);
        return torch.tensor(start < end ? shape[start..end] : []);
    }

    private static int Clamp(long index, int length) => (int)Math.Clamp(index < 0 ? index + length : index, 0, length);

    private static Tensor Expand(NodeCall call) =>
        torch.broadcast_tensors(call[0], torch.zeros(1, call[0].dtype).expand(call.List(1)!))[0];

    private static Tensor Fill(NodeCall call)
    {
        var value = call.Node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } tensor
            ? GraphConstants.ToTorch(tensor, call.Graph.Model.Path)
            : torch.zeros(1);
        return value.reshape(1).expand(call.List(0)!).clone();
    }

    private static Tensor Range(NodeCall call)
    {
        using var start = call[0].ToScalar();
        using var stop = call[1].ToScalar();
        using var step = call[2].ToScalar();
        return torch.arange(start, stop, step, call[0].dtype);
    }

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (a, b) => checked(a * b));
}
