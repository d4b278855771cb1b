namespace Efrap.Core.Quantization;

/// <summary>How many weights share one scale.</summary>
public enum Granularity
{
    /// <summary>Each output channel has a scale of its own.</summary>
    PerChannel,

    /// <summary>All weights of a layer have the same scale.</summary>
    PerTensor,
}
