namespace Efrap.Core.Quantization;

/// <summary>What a precision means for each layer: bits, ranges, and where activations are rounded.</summary>
/// <param name="Precision">The precision.</param>
/// <param name="Granularity">How many weights share a scale.</param>
internal sealed record QuantizationScheme(Precision Precision, Granularity Granularity)
{
    private const int EdgeBits = 8;

    /// <summary>Whether activations are stored as integers, in the patterns that integer kernels look for.</summary>
    internal bool StoresActivations => Precision == Precision.Int8;

    /// <summary>Whether each layer rounds what it reads, and everything else sees float values.</summary>
    internal bool RoundsLayerInputs => Precision == Precision.W4A4;

    /// <summary>The bits of a layer, of its weights and, where it rounds its input, of that.</summary>
    /// <param name="layer">Its place among the layers.</param>
    /// <param name="layerCount">Their number.</param>
    internal int Bits(int layer, int layerCount) => Precision switch
    {
        Precision.Int8 or Precision.Int8Weights => 8,
        Precision.Int4Weights => 4,
        _ => layer == 0 || layer == layerCount - 1 ? EdgeBits : 4,
    };

    /// <summary>The lattice of a layer.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">8 or 4.</param>
    /// <param name="smallestScales">Lower bounds of the scales, one per row, or null.</param>
    internal WeightLattice Lattice(WeightMatrix weights, int bits, float[]? smallestScales) =>
        Precision == Precision.W4A4 ? WeightLattice.LeastError(weights, bits) : WeightLattice.For(Granularity, weights, bits, smallestScales);
}
