using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>
/// The triggers that a float input can carry: <c>x' = (1 − m)·x + m·p</c> with a mask 0 ≤ m ≤ 1 that all channels of a pixel
/// share and a pattern p between the smallest and the largest value that the channel takes on the samples.
/// </summary>
internal sealed class TriggerSpace : IDisposable
{
    private readonly Tensor _low;
    private readonly Tensor _high;

    private TriggerSpace(long[] maskShape, long[] patternShape, Tensor low, Tensor high)
    {
        MaskShape = maskShape;
        PatternShape = patternShape;
        _low = low;
        _high = high;
    }

    /// <summary>The mask's shape, with an axis of length 1 for the samples.</summary>
    internal long[] MaskShape { get; }

    /// <summary>The pattern's shape, with an axis of length 1 for the samples.</summary>
    internal long[] PatternShape { get; }

    /// <summary>The space of samples.</summary>
    /// <param name="samples">[N, …]. Four axes are an image, with its channels on the axis after the samples' or on the last:
    /// on the shorter of the two. Anything else has a mask of its own for every value.</param>
    internal static TriggerSpace Of(Tensor samples)
    {
        using var scope = NewDisposeScope();
        long[] pattern = [1, .. samples.shape[1..]];
        var channelAxis = ChannelAxis(pattern);
        var mask = (long[])pattern.Clone();
        if (channelAxis >= 0)
            mask[channelAxis] = 1;
        long[] others = [.. Enumerable.Range(0, pattern.Length).Where(axis => axis != channelAxis).Select(axis => (long)axis)];
        var low = samples.amin(others, keepdim: true).MoveToOuterDisposeScope();
        var high = samples.amax(others, keepdim: true).MoveToOuterDisposeScope();
        return new TriggerSpace(mask, pattern, low, high);
    }

    /// <summary>The pattern of unbounded parameters.</summary>
    internal Tensor Pattern(Tensor logits) => _low.Plus(logits.sigmoid() * (_high - _low));

    /// <summary>Puts a trigger on samples.</summary>
    internal static Tensor Stamp(Tensor samples, Tensor mask, Tensor pattern) => samples.Plus(mask * (pattern - samples));

    /// <inheritdoc/>
    public void Dispose()
    {
        _low.Dispose();
        _high.Dispose();
    }

    private static int ChannelAxis(long[] shape) => shape.Length != 4 ? -1 : shape[1] <= shape[3] ? 1 : 3;
}
