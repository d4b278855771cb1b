using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>What indicators come to know of single layers on their way to one figure for all: kept for the report.</summary>
internal sealed class LayerFigures
{
    private readonly Dictionary<(AuditLattice Lattice, QuantizableLayer Layer), LayerResidual> _residuals = [];
    private readonly Dictionary<(AuditLattice Lattice, QuantizableLayer Layer), double> _drifts = [];

    /// <summary>Keeps how a layer's weights lie on a lattice.</summary>
    internal void Add(AuditLattice lattice, QuantizableLayer layer, LayerResidual residual) => _residuals[(lattice, layer)] = residual;

    /// <summary>Keeps how far a lattice's nearest rounding moves a layer.</summary>
    internal void Add(AuditLattice lattice, QuantizableLayer layer, double drift) => _drifts[(lattice, layer)] = drift;

    /// <summary>What is known of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="lattices">The lattices that were asked for.</param>
    internal AuditedLayer Of(QuantizableLayer layer, IEnumerable<AuditLattice> lattices) =>
        new(layer.Name, layer.Operator, layer.Weights.Shape, layer.Weights.Rows, layer.Weights.Columns, [.. lattices.Select(l => On(l, layer))]);

    private AuditedLayerOnLattice On(AuditLattice lattice, QuantizableLayer layer)
    {
        var residual = _residuals.GetValueOrDefault((lattice, layer));
        return new AuditedLayerOnLattice(lattice.Name)
        {
            ResidualShare = residual?.Share,
            NormRatio = residual?.NormRatio,
            ActivationDrift = _drifts.TryGetValue((lattice, layer), out var drift) ? drift : null,
        };
    }
}
