using System.Numerics.Tensors;
using Efrap.Core.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Indicators;

/// <summary>Mean and standard deviation of each output channel of a layer, over samples and positions.</summary>
/// <param name="layer">The layer.</param>
internal sealed class ChannelMoments(QuantizableLayer layer)
{
    private readonly double[] _sums = new double[layer.Weights.Rows];
    private readonly double[] _squares = new double[layer.Weights.Rows];
    private long _count;

    /// <summary>The values that each channel has been seen with.</summary>
    internal long Count => _count;

    /// <summary>μ of a channel.</summary>
    internal double Mean(int channel) => _sums[channel] / _count;

    /// <summary>σ of a channel.</summary>
    internal double Deviation(int channel) => Math.Sqrt(Math.Max(0, (_squares[channel] / _count) - Math.Pow(Mean(channel), 2)));

    /// <summary>Takes a batch of the layer's output: channels on axis 1 of a convolution, on the last axis of a product.</summary>
    internal void Add(OrtValue output)
    {
        var values = output.GetTensorDataAsSpan<float>();
        var channels = _sums.Length;
        _count += values.Length / channels;
        if (layer.Convolution is null)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var channel = i % channels;
                _sums[channel] += values[i];
                _squares[channel] += (double)values[i] * values[i];
            }

            return;
        }

        var positions = (int)output.GetTensorTypeAndShape().Shape.Skip(2).Aggregate(1L, (a, b) => a * b);
        for (var (start, channel) = (0, 0); start < values.Length; start += positions, channel = (channel + 1) % channels)
        {
            var plane = values.Slice(start, positions);
            _sums[channel] += TensorPrimitives.Sum(plane);
            _squares[channel] += TensorPrimitives.SumOfSquares(plane);
        }
    }
}
