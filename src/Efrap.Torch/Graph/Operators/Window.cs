using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>How a window slides over the spatial axes of an input, one value for each of them.</summary>
/// <param name="Kernel">Its size.</param>
/// <param name="Strides">Its steps.</param>
/// <param name="Dilations">The distances between its taps.</param>
/// <param name="Begins">What is added before each axis.</param>
/// <param name="Ends">What is added after each axis.</param>
internal sealed record Window(long[] Kernel, long[] Strides, long[] Dilations, long[] Begins, long[] Ends)
{
    /// <summary>The attributes that describe one.</summary>
    internal static readonly string[] Attributes = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"];

    /// <summary>Why a node's padding cannot be computed, or null.</summary>
    internal static string? Refusal(string autoPad) =>
        autoPad is "NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER" or "" ? null : $"with auto_pad {autoPad}";

    /// <summary>The number of inputs that the window covers along an axis, dilation included.</summary>
    internal long Extent(int axis) => ((Kernel[axis] - 1) * Dilations[axis]) + 1;

    /// <summary>The window of a convolution or pool.</summary>
    /// <param name="call">The node.</param>
    /// <param name="input">What it slides over: batch, channels, spatial axes.</param>
    /// <param name="kernel">The kernel's size.</param>
    internal static Window Of(NodeCall call, Tensor input, long[] kernel)
    {
        var axes = kernel.Length;
        if (input.dim() != axes + 2)
            throw new InvalidDataException($"a kernel of {axes} axes needs an input of {axes + 2}");
        var strides = call.PerAxis("strides", axes, 1);
        var dilations = call.PerAxis("dilations", axes, 1);
        var pads = call.PerAxis("pads", 2 * axes, 0);

        // Torch counts with them before it checks, and the counts overflow.
        if (kernel.Concat(strides).Concat(dilations).Any(v => v is < 1 or > int.MaxValue))
            throw new InvalidDataException("kernel, strides and dilations must be between 1 and 2147483647");
        if (pads.Any(v => v is < int.MinValue or > int.MaxValue))
            throw new InvalidDataException("pads must be between -2147483648 and 2147483647");
        var window = new Window(kernel, strides, dilations, pads[..axes], pads[axes..]);
        return call.Text("auto_pad", "NOTSET") switch
        {
            "VALID" => window with { Begins = new long[axes], Ends = new long[axes] },
            "SAME_UPPER" => window.Same(input.shape[2..], smallerHalfFirst: true),
            "SAME_LOWER" => window.Same(input.shape[2..], smallerHalfFirst: false),
            _ => window,
        };
    }

    /// <summary>The input with what padding adds, and the padding that is left to torch.</summary>
    internal (Tensor Padded, long[] Padding) Pad(Tensor input, double value, bool native)
    {
        if (native && Begins.SequenceEqual(Ends) && Array.TrueForAll(Begins, p => p >= 0))
            return (input, Begins);
        return (Extend(input, Begins, Ends, value), new long[Begins.Length]);
    }

    /// <summary>Adds values before and after the last axes; negative numbers take some away.</summary>
    internal static Tensor Extend(Tensor input, long[] begins, long[] ends, double value)
    {
        if (Array.TrueForAll(begins, p => p == 0) && Array.TrueForAll(ends, p => p == 0))
            return input;

        // Torch counts the axes from the last one.
        var pads = begins.Zip(ends).Reverse().SelectMany(p => new[] { p.First, p.Second }).ToArray();
        return pad(input, pads, TorchSharp.PaddingModes.Constant, value);
    }

    private Window Same(long[] sizes, bool smallerHalfFirst)
    {
        var totals = sizes.Select((size, i) =>
            Math.Max(0, ((((size + Strides[i] - 1) / Strides[i]) - 1) * Strides[i]) + Extent(i) - size)).ToArray();
        var halves = totals.Select(t => t / 2).ToArray();
        var rests = totals.Select(t => t - (t / 2)).ToArray();
        return smallerHalfFirst ? this with { Begins = halves, Ends = rests } : this with { Begins = rests, Ends = halves };
    }
}
