using Efrap.Core.Quantization;

namespace Efrap.Core.Rounding;

/// <summary>Where in the input plane each element of a convolution's kernel falls, for an output position.</summary>
internal sealed class KernelTaps
{
    private readonly int[] _inputSize;
    private readonly int[] _outputSize;
    private readonly int[] _pads;
    private readonly ConvolutionGeometry _geometry;
    private readonly int[][] _taps;

    /// <summary>Prepares the kernel for an input and output [samples, channels, space…].</summary>
    internal KernelTaps(ConvolutionGeometry geometry, long[] inputShape, long[] outputShape)
    {
        _geometry = geometry;
        _inputSize = [.. inputShape.Skip(2).Select(d => (int)d)];
        _outputSize = [.. outputShape.Skip(2).Select(d => (int)d)];
        _pads = _geometry.PadsBefore(_inputSize, _outputSize);
        Count = _geometry.Kernel.Aggregate(1, (product, size) => product * size);
        _taps = [.. Enumerable.Range(0, Count).Select(t => Coordinates(t, _geometry.Kernel))];
    }

    /// <summary>The number of kernel elements per channel.</summary>
    internal int Count { get; }

    /// <summary>The offset in the input plane, or −1 in the padding.</summary>
    /// <param name="tap">The kernel element, row by row.</param>
    /// <param name="place">The output position in its plane, row by row.</param>
    internal int Offset(int tap, int place)
    {
        var offset = 0;
        var factor = 1;
        for (var axis = _inputSize.Length - 1; axis >= 0; axis--)
        {
            (place, var output) = Math.DivRem(place, _outputSize[axis]);
            var input = (output * _geometry.Strides[axis]) + (_taps[tap][axis] * _geometry.Dilations[axis]) - _pads[axis];
            if ((uint)input >= (uint)_inputSize[axis])
                return -1;
            offset += input * factor;
            factor *= _inputSize[axis];
        }

        return offset;
    }

    private static int[] Coordinates(int index, IReadOnlyList<int> sizes)
    {
        var result = new int[sizes.Count];
        for (var axis = sizes.Count - 1; axis >= 0; axis--)
            (index, result[axis]) = Math.DivRem(index, sizes[axis]);
        return result;
    }
}
