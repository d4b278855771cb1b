using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Torch.Runtime;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>
/// Resize and Upsample, one axis after the other. Positions are computed in single precision, as ONNX Runtime does, since which
/// neighbour is nearest depends on it.
/// </summary>
internal static class Resizing
{
    private static readonly string[] Coordinates =
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn"];

    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of(
            "Resize", Resize,
            "mode", "coordinate_transformation_mode", "nearest_mode", "axes", "cubic_coeff_a", "extrapolation_value", "antialias", "exclude_outside",
            "keep_aspect_ratio_policy") with { Refusal = (_, node) => Refusal(node) },
        Operator.Of("Upsample", call => Resize(call, call[0], Factors(call, 1), null), "mode", "scales") with { Refusal = (_, node) => Refusal(node) },
    ];

    private static string? Refusal(NodeProto node)
    {
        if (node.Text("mode", "nearest") is not ("nearest" or "linear" or "bilinear") and var mode)
            return $"with mode {DisplayName.Of(mode)}";
        if (node.Text("coordinate_transformation_mode", Coordinates[0]) is var coordinates && !Coordinates.Contains(coordinates))
            return $"with coordinates {DisplayName.Of(coordinates)}";
        if (node.Text("keep_aspect_ratio_policy", "stretch") is not "stretch" and var policy)
            return $"with keep_aspect_ratio_policy {DisplayName.Of(policy)}";
        return node.Integer("antialias", 0) != 0 ? "with antialias" : node.Integer("exclude_outside", 0) != 0 ? "with exclude_outside" : null;
    }

    private static Tensor Resize(NodeCall call)
    {
        var x = call[0];
        if (call.Opset < 11)
            return Resize(call, x, Factors(call, 1), null);
        var sizes = call.List(3);
        return sizes is { Length: > 0 } ? Resize(call, x, null, sizes) : Resize(call, x, Factors(call, 2), null);
    }

    private static Tensor Resize(NodeCall call, Tensor x, float[]? factors, long[]? sizes)
    {
        var axes = call.Integers("axes") ?? [.. Enumerable.Range(0, (int)x.dim()).Select(i => (long)i)];
        if ((factors?.Length ?? sizes!.Length) != axes.Length)
            throw new InvalidDataException($"{factors?.Length ?? sizes!.Length} scales or sizes for {axes.Length} axes");
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = NodeCall.Axis(axes[i], x.dim());
            var before = x.shape[axis];
            var after = sizes?[i] ?? (long)MathF.Floor(before * factors![i]);
            var factor = factors?[i] ?? (float)after / before;
            if (factor <= 0 || after < 1)
                throw new InvalidDataException($"axis {axis} would have no values");
            if (factor != 1 || after != before)
                x = Resize(call, x, axis, after, factor);
        }

        return x;
    }

    private static Tensor Resize(NodeCall call, Tensor x, long axis, long size, float factor)
    {
        var last = x.shape[axis] - 1;
        var positions = Positions(call, last + 1, size, factor);
        if (call.Text("mode", "nearest") == "nearest")
            return x.index_select(axis, Nearest(call, positions, factor).Clamped(0, last).to_type(torch.ScalarType.Int64));

        // Beyond the border both neighbours are the border.
        var left = positions.Clamped(0, last).floor();
        var weight = positions.Clamped(0, last).sub(left).to_type(x.dtype).reshape([-1, .. Enumerable.Repeat(1L, (int)(x.dim() - axis - 1))]);
        var near = x.index_select(axis, left.to_type(torch.ScalarType.Int64));
        var far = x.index_select(axis, left.Plus(1).Clamped(0, last).to_type(torch.ScalarType.Int64));
        return near.mul(weight.OneMinus()).Plus(far.mul(weight));
    }

    private static Tensor Positions(NodeCall call, long before, long after, float factor)
    {
        var places = SafeArithmetic.Range(0, after, type: torch.ScalarType.Float32);
        return CoordinatesOf(call) switch
        {
            "asymmetric" => places.DividedBy(factor),
            "align_corners" => after == 1 ? places : places.Times((float)(before - 1)).DividedBy((float)(after - 1)),
            "tf_half_pixel_for_nn" => places.Plus(0.5f).DividedBy(factor),
            "pytorch_half_pixel" when after == 1 => places,
            "half_pixel_symmetric" => Centred(places, before, after, factor),
            _ => places.Plus(0.5f).DividedBy(factor).Minus(0.5f),
        };
    }

    private static Tensor Centred(Tensor places, long before, long after, float factor)
    {
        var offset = before / 2f * (1 - (after / (factor * before)));
        return places.Plus(0.5f).DividedBy(factor).Minus(0.5f).Plus(offset);
    }

    private static Tensor Nearest(NodeCall call, Tensor positions, float factor)
    {
        // Before version 11 enlarging took the value before a position, and shrinking the one after.
        var absent = call.Opset < 11 ? (factor < 1 ? "ceil" : "floor") : "round_prefer_floor";
        return call.Text("nearest_mode", absent) switch
        {
            "floor" => positions.floor(),
            "ceil" => positions.ceil(),
            "round_prefer_ceil" => positions.Plus(0.5f).floor(),
            _ => positions.Minus(0.5f).ceil(),
        };
    }

    private static string CoordinatesOf(NodeCall call) =>
        call.Opset < 11 ? "asymmetric" : call.Text("coordinate_transformation_mode", Coordinates[0]);

    private static float[] Factors(NodeCall call, int input)
    {
        if (call.Optional(input) is { } given && given.numel() <= 64)
        {
            using var values = given.to_type(torch.ScalarType.Float32).detach().flatten();
            return [.. values.data<float>()];
        }

        return call.Node.Attribute.FirstOrDefault(a => a.Name == "scales") is { } attribute
            ? [.. attribute.Floats] : throw new InvalidDataException("it has no scales");
    }
}
