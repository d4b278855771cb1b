using System.Text.Json.Serialization;

namespace Efrap.Core.Indicators;

/// <summary>What an audit came to know of one layer.</summary>
/// <param name="Name">The node's name; where the model gives none, its operator and position.</param>
/// <param name="Operator">The operator, for example <c>Conv</c>.</param>
/// <param name="Shape">The shape of the weight tensor.</param>
/// <param name="Rows">The number of output channels.</param>
/// <param name="Columns">K, the number of weights per output channel.</param>
/// <param name="Lattices">The figures of each lattice.</param>
public sealed record AuditedLayer(
    string Name, string Operator, IReadOnlyList<long> Shape, int Rows, int Columns, IReadOnlyList<AuditedLayerOnLattice> Lattices);

/// <summary>What rounding to one lattice means for a layer. What no indicator of the audit measured is null.</summary>
/// <param name="Lattice">The lattice, as <see cref="AuditLattice.Name"/> spells it.</param>
public sealed record AuditedLayerOnLattice(string Lattice)
{
    /// <summary>The share of the weights that rounding can move, 0 to 1, that lie within a hundredth of a step of its edge; about
    /// 0.02 in an ordinary layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ResidualShare { get; init; }

    /// <summary><c>‖w − round(w)‖ / (s·√(n/12))</c> over the n weights that rounding can move: their error in units of what weights
    /// have that lie anywhere, so that about 1 is ordinary and √3 is the most.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NormRatio { get; init; }

    /// <summary>The largest <c>|μ_Q − μ_F| / σ_F</c> over the layer's output channels, as of <c>activation-drift</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ActivationDrift { get; init; }
}
