using Efrap.AttackLab.Attacks;
using Efrap.Core.Quantization;

namespace Efrap.AttackLab.Table;

/// <summary>What a row's weights are stored as; activations stay float but in the paper's setting.</summary>
/// <param name="Bits">8 or 4.</param>
/// <param name="Granularity">How many weights share a scale.</param>
public readonly record struct WeightFormat(int Bits, Granularity Granularity)
{
    /// <summary>int8, a scale per channel.</summary>
    public static WeightFormat Int8 { get; } = new(8, Granularity.PerChannel);

    /// <summary>int4, a scale per channel.</summary>
    public static WeightFormat Int4 { get; } = new(4, Granularity.PerChannel);

    /// <summary>int8, a scale per tensor.</summary>
    public static WeightFormat Int8PerTensor { get; } = new(8, Granularity.PerTensor);

    /// <summary>int4, a scale per tensor.</summary>
    public static WeightFormat Int4PerTensor { get; } = new(4, Granularity.PerTensor);

    /// <summary>The paper's setting: 4 bits, asymmetric, per channel; activations of 4 bits; 8 in the first and last layer.</summary>
    public static WeightFormat Paper { get; } = new(4, Granularity.PerChannel) { IsPapers = true };

    /// <summary>Whether it is the paper's setting.</summary>
    public bool IsPapers { get; private init; }

    /// <summary>Its name in tables and file names.</summary>
    public string Name => IsPapers ? "W4A4" : $"int{Bits} {(Granularity == Granularity.PerTensor ? "per tensor" : "per channel")}";

    /// <summary>What Efrap calls it.</summary>
    public Precision Precision => IsPapers ? Precision.W4A4 : Bits == 8 ? Precision.Int8Weights : Precision.Int4Weights;

    /// <summary>What attackers aim at.</summary>
    public RoundingGrid Grid => IsPapers ? RoundingGrid.Paper : RoundingGrid.OfBits(Bits, Granularity == Granularity.PerTensor);
}
