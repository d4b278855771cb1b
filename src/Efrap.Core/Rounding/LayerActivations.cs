using Efrap.Core.Inference;
using Efrap.Core.Quantization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Rounding;

/// <summary>A float tensor.</summary>
/// <param name="Values">Its values, row by row.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record ActivationTensor(float[] Values, IReadOnlyList<long> Shape);

/// <summary>The data that a layer's rounding is fitted to, tensor by tensor, from the two streams that stand at it.</summary>
/// <param name="layer">The layer.</param>
/// <param name="fullPrecision">The full-precision stream.</param>
/// <param name="hardened">The hardened stream.</param>
/// <param name="inputName">The name that the layer's input has in the hardened stream: of uint8 codes, or of float values.</param>
/// <param name="storedGrid">The grid of the codes; null where the input is held as floats.</param>
/// <param name="inputRounding">The grid that the layer rounds its float input to; null where it sees the input as it comes.</param>
/// <param name="batchCount">The number of batches.</param>
internal sealed class LayerActivations(
    QuantizableLayer layer,
    ActivationStream fullPrecision,
    ActivationStream hardened,
    string inputName,
    ActivationGrid? storedGrid,
    ActivationGrid? inputRounding,
    int batchCount)
{
    /// <summary>The layer.</summary>
    internal QuantizableLayer Layer => layer;

    /// <summary>The number of batches.</summary>
    internal int BatchCount => batchCount;

    /// <summary>The grid that the layer rounds its float input to; null where it sees the input as it comes.</summary>
    internal ActivationGrid? InputRounding => inputRounding;

    /// <summary>What the hardened prefix delivers to the layer, dequantized, before the layer's own rounding of it.</summary>
    internal ActivationTensor Input(int batch)
    {
        using var x = hardened.Get(inputName, batch);
        var info = x.Value.GetTensorTypeAndShape();
        return info.ElementDataType == TensorElementType.UInt8 && storedGrid is { } grid
            ? new ActivationTensor(Dequantize(x.Value.GetTensorDataAsSpan<byte>(), grid), info.Shape)
            : new ActivationTensor(x.Value.GetTensorDataAsSpan<float>().ToArray(), info.Shape);
    }

    /// <summary>y of a batch: what the full-precision layer produced.</summary>
    internal ActivationTensor Output(int batch)
    {
        using var y = fullPrecision.Get(layer.Output, batch);
        return new ActivationTensor(y.Value.GetTensorDataAsSpan<float>().ToArray(), y.Value.GetTensorTypeAndShape().Shape);
    }

    private static float[] Dequantize(ReadOnlySpan<byte> codes, ActivationGrid grid)
    {
        var values = new float[codes.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (codes[i] - grid.ZeroPoint) * grid.Scale;
        return values;
    }
}
