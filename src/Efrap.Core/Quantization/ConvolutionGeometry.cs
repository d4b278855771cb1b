using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization;

/// <summary>How a convolution walks over its input: ONNX operator <c>Conv</c>, any number of spatial axes.</summary>
/// <param name="Kernel">The kernel's size per spatial axis.</param>
/// <param name="Strides">The step per spatial axis.</param>
/// <param name="Dilations">The distance of kernel elements per spatial axis.</param>
/// <param name="Pads">Explicit padding before each spatial axis; null where <paramref name="SameUpper"/> decides.</param>
/// <param name="SameUpper">For <c>auto_pad</c> SAME: true for SAME_UPPER, false for SAME_LOWER; null otherwise.</param>
internal sealed record ConvolutionGeometry(
    IReadOnlyList<int> Kernel,
    IReadOnlyList<int> Strides,
    IReadOnlyList<int> Dilations,
    IReadOnlyList<int>? Pads,
    bool? SameUpper)
{
    /// <summary>Reads the geometry off a node; null when its attributes do not fit its weight.</summary>
    internal static ConvolutionGeometry? Of(NodeProto node, IReadOnlyList<long> weightShape)
    {
        var axes = weightShape.Count - 2;
        var kernel = weightShape.Skip(2).Select(d => (int)d).ToList();
        if (node.Integers("kernel_shape") is { } declared && !declared.SequenceEqual(weightShape.Skip(2)))
            return null;
        if (Attribute("strides", 1) is not { } strides || Attribute("dilations", 1) is not { } dilations)
            return null;

        switch (node.Text("auto_pad", "NOTSET"))
        {
            case "SAME_UPPER":
                return new(kernel, strides, dilations, null, true);
            case "SAME_LOWER":
                return new(kernel, strides, dilations, null, false);
            case "VALID":
                return new(kernel, strides, dilations, [.. Enumerable.Repeat(0, axes)], null);
            default:
                var pads = node.Integers("pads") ?? [.. Enumerable.Repeat(0L, 2 * axes)];
                return pads.Count == 2 * axes && pads.All(p => p is >= 0 and < int.MaxValue)
                    ? new(kernel, strides, dilations, [.. pads.Take(axes).Select(p => (int)p)], null)
                    : null;
        }

        List<int>? Attribute(string name, int absent)
        {
            var values = node.Integers(name) ?? [.. Enumerable.Repeat((long)absent, axes)];
            return values.Count == axes && values.All(v => v is > 0 and < int.MaxValue) ? [.. values.Select(v => (int)v)] : null;
        }
    }

    /// <summary>The padding before each spatial axis for an input and output of these sizes.</summary>
    internal int[] PadsBefore(ReadOnlySpan<int> input, ReadOnlySpan<int> output)
    {
        var pads = new int[Kernel.Count];
        for (var axis = 0; axis < pads.Length; axis++)
        {
            if (Pads is not null)
            {
                pads[axis] = Pads[axis];
                continue;
            }

            var total = Math.Max(0, ((output[axis] - 1) * Strides[axis]) + ((Kernel[axis] - 1) * Dilations[axis]) + 1 - input[axis]);
            pads[axis] = SameUpper == true ? total / 2 : total - (total / 2);
        }

        return pads;
    }
}
