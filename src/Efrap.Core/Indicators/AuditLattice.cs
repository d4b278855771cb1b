using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>
/// A lattice, and the rounding on it that an audit looks at (DESIGN 6). The attacker aimed at some quantizer, and the auditor does
/// not know which: so a full-precision model is rounded to nearest on every common lattice; and of a model that is quantized already,
/// the integers that are there are looked at as well.
/// </summary>
public abstract record AuditLattice
{
    private protected AuditLattice()
    {
    }

    /// <summary>The common lattices: int8 and int4, each per channel and per tensor.</summary>
    public static IReadOnlyList<CommonLattice> Common { get; } =
    [
        new(8, Granularity.PerChannel), new(8, Granularity.PerTensor), new(4, Granularity.PerChannel), new(4, Granularity.PerTensor),
    ];

    /// <summary>The lattice and the integers of a quantized model's own file.</summary>
    public static AuditLattice AsQuantized { get; } = new QuantizedLattice();

    /// <summary>The spelling on the command line and in reports, such as <c>int8-per-channel</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How messages speak of the rounding.</summary>
    internal abstract RoundingText Text { get; }

    /// <summary>The lattices that an audit looks at where none are asked for.</summary>
    /// <param name="quantized">Whether the model is quantized and comes with its source.</param>
    public static IReadOnlyList<AuditLattice> Applicable(bool quantized) => quantized ? [AsQuantized, .. Common] : Common;

    /// <summary>The layers that the rounding changes.</summary>
    internal abstract IEnumerable<QuantizableLayer> LayersOf(AuditSubject subject);

    /// <summary>The lattice of one of those layers.</summary>
    internal abstract WeightLattice Of(AuditSubject subject, QuantizableLayer layer);

    /// <summary>The codes of one of those layers, as the lattice has them.</summary>
    internal abstract sbyte[] CodesOf(AuditSubject subject, QuantizableLayer layer, WeightLattice points);
}

/// <summary>A lattice that quantizers commonly round to, and nearest rounding on it.</summary>
/// <param name="Bits">8 or 4.</param>
/// <param name="Granularity">How many weights share a scale.</param>
public sealed record CommonLattice(int Bits, Granularity Granularity) : AuditLattice
{
    /// <inheritdoc/>
    public override string Name => $"int{Bits}-{(Granularity == Granularity.PerChannel ? "per-channel" : "per-tensor")}";

    internal override RoundingText Text => RoundingText.Nearest;

    /// <summary>The lattice of a layer.</summary>
    internal WeightLattice Of(QuantizableLayer layer) => WeightLattice.For(Granularity, layer.Weights, Bits);

    internal override IEnumerable<QuantizableLayer> LayersOf(AuditSubject subject) => subject.Layers;

    internal override WeightLattice Of(AuditSubject subject, QuantizableLayer layer) => Of(layer);

    internal override sbyte[] CodesOf(AuditSubject subject, QuantizableLayer layer, WeightLattice points) => points.Codes(points.NearestUp);
}

/// <summary>The scales, zero points and integers that a quantized model has.</summary>
internal sealed record QuantizedLattice : AuditLattice
{
    /// <inheritdoc/>
    public override string Name => "as-quantized";

    internal override RoundingText Text => RoundingText.AsQuantized;

    internal override IEnumerable<QuantizableLayer> LayersOf(AuditSubject subject) => subject.Layers.Where(l => subject.Integers.ContainsKey(l.Weight));

    internal override WeightLattice Of(AuditSubject subject, QuantizableLayer layer) => subject.Integers[layer.Weight].LatticeOf(layer.Weights);

    internal override sbyte[] CodesOf(AuditSubject subject, QuantizableLayer layer, WeightLattice points) => subject.Integers[layer.Weight].SignedRows();
}
