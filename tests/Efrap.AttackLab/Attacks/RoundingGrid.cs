using System.Numerics;
using System.Text.Json.Serialization;
using Efrap.AttackLab.Nets;
using Efrap.Core.Quantization;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Symmetric quantization of weights: the scale is max|w| / <see cref="MaximumCode"/>, over an output channel or over a layer.
/// </summary>
/// <param name="MaximumCode">The largest code; the smallest is its negative.</param>
/// <param name="PerTensor">Whether all channels of a layer share one scale; each has its own otherwise.</param>
public sealed record RoundingGrid(int MaximumCode, bool PerTensor = false)
{
    /// <summary>Codes −127 to 127, per channel.</summary>
    public static RoundingGrid Int8 { get; } = OfBits(8);

    /// <summary>Codes −7 to 7, per channel.</summary>
    public static RoundingGrid Int4 { get; } = OfBits(4);

    /// <summary>
    /// The grid of the paper's setting: asymmetric, per channel, with the ranges of least mean-squared error, 8 bits in the first
    /// and the last layer.
    /// </summary>
    public static RoundingGrid Paper { get; } = OfBits(4) with { LeastError = true };

    /// <summary>Whether it is asymmetric, with the ranges of least mean-squared error; symmetric and min-max otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LeastError { get; private init; }

    /// <summary>The grid of one of a net's layers.</summary>
    /// <param name="layer">The layer's index.</param>
    /// <param name="layers">The number of layers.</param>
    /// <returns>This grid, or in the paper's setting the one of 8 bits for the first and the last layer.</returns>
    public RoundingGrid Of(int layer, int layers) =>
        LeastError && (layer == 0 || layer == layers - 1) ? this with { MaximumCode = sbyte.MaxValue } : this;

    /// <summary>The bit width.</summary>
    public int Bits => BitOperations.Log2((uint)MaximumCode + 1) + 1;

    /// <summary>The grid of a bit width: codes from −(2^(bits−1) − 1) to 2^(bits−1) − 1.</summary>
    /// <param name="bits">2 to 8.</param>
    /// <param name="perTensor">Whether all channels of a layer share one scale.</param>
    /// <returns>The grid.</returns>
    public static RoundingGrid OfBits(int bits, bool perTensor = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        return new((1 << (bits - 1)) - 1, perTensor);
    }

    /// <summary>The scales of a layer.</summary>
    /// <param name="weights">The weights, one output channel after the other.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <returns>One per channel, all equal where the grid is per tensor; 0 where all weights are 0.</returns>
    public float[] Scales(ReadOnlySpan<float> weights, int channels)
    {
        var scales = new float[channels];
        var columns = weights.Length / channels;
        for (var channel = 0; channel < channels; channel++)
            scales[channel] = Largest(PerTensor ? weights : weights.Slice(channel * columns, columns)) / MaximumCode;
        return scales;
    }

    /// <summary>The largest absolute weight.</summary>
    /// <param name="weights">Weights that share a scale.</param>
    /// <returns>max|w|.</returns>
    public static float Largest(ReadOnlySpan<float> weights)
    {
        var largest = 0f;
        foreach (var weight in weights)
            largest = MathF.Max(largest, MathF.Abs(weight));
        return largest;
    }

    /// <summary>Rounds a weight to the nearest code, ties to even.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="scale">The scale of its channel.</param>
    /// <returns>The code.</returns>
    public int NearestCode(float weight, float scale) =>
        scale == 0 ? 0 : Math.Clamp((int)MathF.Round(weight / scale, MidpointRounding.ToEven), -MaximumCode, MaximumCode);

    /// <summary>Rounds all weights of a layer.</summary>
    /// <param name="weights">The weights, one output channel after the other.</param>
    /// <param name="channels">The number of output channels.</param>
    /// <returns>The codes, in the same order.</returns>
    public sbyte[] NearestCodes(ReadOnlySpan<float> weights, int channels)
    {
        var codes = new sbyte[weights.Length];
        var columns = weights.Length / channels;
        var scales = Scales(weights, channels);
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (sbyte)NearestCode(weights[i], scales[i / columns]);
        return codes;
    }

    /// <summary>Efrap's own lattice of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The lattice; its codes of nearest rounding are those of this grid.</returns>
    internal WeightLattice Lattice(WeightLayer layer) => Lattice(layer.Values(), layer.Weight.shape);

    /// <summary>Efrap's own lattice of weights.</summary>
    /// <param name="values">The weights, one output channel after the other.</param>
    /// <param name="shape">[channels, …].</param>
    /// <returns>The lattice; its codes of nearest rounding are those of this grid.</returns>
    internal WeightLattice Lattice(float[] values, long[] shape)
    {
        var weights = new WeightMatrix(values, shape, transposed: false, groups: 1);
        return LeastError ? WeightLattice.LeastError(weights, Bits)
            : WeightLattice.For(PerTensor ? Granularity.PerTensor : Granularity.PerChannel, weights, Bits);
    }
}
