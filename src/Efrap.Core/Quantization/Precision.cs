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

    /// <summary>
    /// For evaluation: what the paper measures in (arXiv 2405.12725, section 4.1). int4 weights, asymmetric, per channel; what a
    /// layer reads is rounded to 16 values, per tensor; the first and the last layer have 8 bits; all ranges are those of least
    /// mean-squared error.
    /// </summary>
    W4A4,
}
