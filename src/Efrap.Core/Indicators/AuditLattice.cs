using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>
/// The lattice that weights are rounded on for an audit (DESIGN 6). The attacker aimed at some quantizer, and the auditor
/// does not know which.
/// </summary>
/// <param name="Bits">8 or 4.</param>
/// <param name="Granularity">How many weights share a scale.</param>
public sealed record AuditLattice(int Bits, Granularity Granularity)
{
    /// <summary>The common lattices: int8 and int4, each per channel and per tensor.</summary>
    public static IReadOnlyList<AuditLattice> Common { get; } =
    [
        new(8, Granularity.PerChannel), new(8, Granularity.PerTensor), new(4, Granularity.PerChannel), new(4, Granularity.PerTensor),
    ];

    /// <summary>The spelling on the command line and in reports, such as <c>int8-per-channel</c>.</summary>
    public string Name => $"int{Bits}-{(Granularity == Granularity.PerChannel ? "per-channel" : "per-tensor")}";

    /// <summary>The lattice of a layer.</summary>
    internal WeightLattice Of(QuantizableLayer layer) => WeightLattice.For(Granularity, layer.Weights, Bits);
}
