using Efrap.Core.Quantization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Efrap.Torch.Rounding;

/// <summary>A layer as a differentiable function of its weight matrix: Conv in 1 to 3 dimensions, Gemm or MatMul.</summary>
internal sealed class LayerForward : IDisposable
{
    private readonly QuantizableLayer _layer;
    private readonly Tensor? _bias;
    private readonly long[] _kernelShape;

    /// <summary>Prepares a layer.</summary>
    internal LayerForward(QuantizableLayer layer, WeightMatrix weights)
    {
        _layer = layer;
        Channels = weights.Rows;
        _bias = layer.BiasValues is { } bias ? tensor(bias) : null;
        _kernelShape = layer.Convolution is null ? [weights.Rows, weights.Columns] : [.. weights.Shape];
    }

    /// <summary>The number of output channels.</summary>
    internal int Channels { get; }

    /// <summary>Runs the layer.</summary>
    /// <param name="input">x̂.</param>
    /// <param name="weights">[rows, K].</param>
    /// <param name="outputShape">The shape of y, which decides the padding at the far end.</param>
    internal Tensor Run(Tensor input, Tensor weights, ReadOnlySpan<long> outputShape)
    {
        if (_layer.Convolution is not { } geometry)
            return linear(input, weights, _bias);
        var kernel = weights.reshape(_kernelShape);
        long[] strides = [.. geometry.Strides.Select(s => (long)s)];
        long[] dilations = [.. geometry.Dilations.Select(d => (long)d)];
        var padded = Pad(input, geometry, outputShape);
        var groups = _layer.Weights.Groups;
        return strides.Length switch
        {
            1 => conv1d(padded, kernel, _bias, strides[0], 0, dilations[0], groups),
            2 => conv2d(padded, kernel, _bias, strides, [0, 0], dilations, groups),
            3 => conv3d(padded, kernel, _bias, strides, [0, 0, 0], dilations, groups),
            _ => throw new NotSupportedException($"`{_layer.Name}` is a convolution in {strides.Length} dimensions."),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _bias?.Dispose();

    private static Tensor Pad(Tensor input, ConvolutionGeometry geometry, ReadOnlySpan<long> outputShape)
    {
        var axes = geometry.Kernel.Count;
        var (inputSize, outputSize) = (new int[axes], new int[axes]);
        for (var axis = 0; axis < axes; axis++)
            (inputSize[axis], outputSize[axis]) = ((int)input.shape[axis + 2], (int)outputShape[axis + 2]);

        // Torch names the last axis first.
        var before = geometry.PadsBefore(inputSize, outputSize);
        var amounts = new long[2 * axes];
        for (var axis = 0; axis < axes; axis++)
        {
            var reach = ((outputSize[axis] - 1) * geometry.Strides[axis]) + ((geometry.Kernel[axis] - 1) * geometry.Dilations[axis]) + 1;
            var place = 2 * (axes - 1 - axis);
            amounts[place] = before[axis];
            amounts[place + 1] = Math.Max(0, reach - inputSize[axis] - before[axis]);
        }

        return amounts.All(a => a == 0) ? input : pad(input, amounts);
    }
}
