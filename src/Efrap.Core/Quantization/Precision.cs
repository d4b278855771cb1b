namespace Efrap.Core.Quantization;

/// <summary>What a hardened model's weights and activations are stored as.</summary>
public enum Precision
{
    /// <summary>int8 weights (symmetric), uint8 activations (per tensor), int32 biases, as QDQ.</summary>
    Int8,

    /// <summary>int8 weights (symmetric); activations stay float.</summary>
    Int8Weights,

    /// <summary>int4 weights (symmetric); activations stay float.</summary>
    Int4Weights,
}
