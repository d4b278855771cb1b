using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Convolutions and matrix products.</summary>
internal static class Convolutions
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of("Conv", Convolve, [.. Window.Attributes, "group"]) with
        {
            Refusal = (_, node) => Window.Refusal(node.Text("auto_pad", "NOTSET")),
        },
        Operator.Of("ConvTranspose", ConvolveTransposed, [.. Window.Attributes, "group", "output_padding", "output_shape"]) with
        {
            Refusal = (_, node) => Window.Refusal(node.Text("auto_pad", "NOTSET")),
        },
        Operator.Of("Gemm", MultiplyAndAdd, "alpha", "beta", "transA", "transB"),
        Operator.Binary("MatMul", Multiply),
    ];

    private static Tensor Convolve(NodeCall call)
    {
        var weight = call[1];
        var window = Window.Of(call, call[0], weight.shape[2..]);
        var (x, padding) = window.Pad(call[0], 0, native: true);
        var (bias, group) = (call.Optional(2), call.Integer("group", 1));
        return padding.Length switch
        {
            1 => conv1d(x, weight, bias, window.Strides[0], padding[0], window.Dilations[0], group),
            2 => conv2d(x, weight, bias, window.Strides, padding, window.Dilations, group),
            3 => conv3d(x, weight, bias, window.Strides, padding, window.Dilations, group),
            var axes => throw new InvalidDataException($"it has {axes} spatial axes"),
        };
    }

    private static Tensor ConvolveTransposed(NodeCall call)
    {
        var (x, weight) = (call[0], call[1]);
        var axes = (int)weight.dim() - 2;
        var window = Window.Of(call, x, weight.shape[2..]) with { Begins = new long[axes], Ends = new long[axes] };
        var group = call.Integer("group", 1);
        var whole = axes switch
        {
            1 => conv_transpose1d(x, weight, null, window.Strides[0], 0, 0, window.Dilations[0], group),
            2 => conv_transpose2d(x, weight, null, window.Strides, [0, 0], [0, 0], window.Dilations, group),
            3 => conv_transpose3d(x, weight, null, window.Strides, [0, 0, 0], [0, 0, 0], window.Dilations, group),
            _ => throw new InvalidDataException($"it has {axes} spatial axes"),
        };

        // Torch can neither crop unevenly nor reach a given size: the whole product is made, then cut to it.
        var (begins, ends) = Crop(call, window, x.shape[2..]);
        var cut = Window.Extend(whole, [.. begins.Select(b => -b)], [.. ends.Select(e => -e)], 0);
        return call.Optional(2) is { } bias ? cut.Plus(bias.reshape([-1, .. Enumerable.Repeat(1L, axes)])) : cut;
    }

    private static (long[] Begins, long[] Ends) Crop(NodeCall call, Window window, long[] sizes)
    {
        var axes = sizes.Length;
        var extra = call.PerAxis("output_padding", axes, 0);
        var autoPad = call.Text("auto_pad", "NOTSET");
        var wanted = call.Integers("output_shape");
        if (wanted is null && autoPad is "SAME_UPPER" or "SAME_LOWER")
            wanted = [.. sizes.Select((size, i) => size * window.Strides[i])];
        if (wanted is null)
        {
            var pads = autoPad == "VALID" ? new long[2 * axes] : call.PerAxis("pads", 2 * axes, 0);
            return (pads[..axes], [.. pads[axes..].Select((p, i) => p - extra[i])]);
        }

        // Some files give the batch and the channels too.
        wanted = wanted[^axes..];
        var totals = sizes.Select((size, i) => ((size - 1) * window.Strides[i]) + extra[i] + window.Extent(i) - wanted[i]).ToArray();
        long[] begins = [.. totals.Select(t => Math.Max(0, autoPad == "SAME_UPPER" ? t / 2 : t - (t / 2)))];
        return (begins, [.. totals.Select((t, i) => t - begins[i] - extra[i])]);
    }

    // Torch's own matmul is the one function whose wrapper ends the process where the shapes do not fit.
    private static Tensor Multiply(Tensor a, Tensor b) => torch.einsum(
        (a.dim(), b.dim()) switch
        {
            ( <= 1, <= 1) => "j,j->",
            ( <= 1, _) => "j,...jk->...k",
            (_, <= 1) => "...ij,j->...i",
            _ => "...ij,...jk->...ik",
        },
        a,
        b);

    private static Tensor MultiplyAndAdd(NodeCall call)
    {
        var a = call.Integer("transA", 0) != 0 ? call[0].t() : call[0];
        var b = call.Integer("transB", 0) != 0 ? call[1].t() : call[1];
        var product = a.mm(b);
        var (alpha, beta) = (call.Single("alpha", 1), call.Single("beta", 1));
        if (alpha != 1)
            product = product.Times(alpha);
        if (call.Optional(2) is not { } c)
            return product;
        return product.Plus(beta == 1 ? c : c.Times(beta));
    }
}
