using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// The weights of a net in full precision and on several grids at once, one inside the other: the codes of each grid lie in the
/// rounding intervals of the next coarser one, and the full-precision weights in those of the finest. So each grid's nearest
/// codes are its own, and each can learn something else. What a grid learns goes to its own place within the coarser intervals
/// and, straight through, to all coarser ones.
/// </summary>
/// <remarks>
/// Rounding errors are what an attacker has to tell full precision from its rounded self. If full precision alone is trained,
/// a gradient says where to move a weight but not which error it should have; here the error is a variable of its own.
/// Scales, and the weights that set them, stay.
/// </remarks>
internal sealed class NestedCodes : IDisposable
{
    private readonly IReadOnlyList<WeightLayer> _layers;
    private readonly RoundingGrid[] _grids;
    private readonly Dictionary<string, NestedRung[]> _rungs;

    /// <summary>Places a net's weights.</summary>
    /// <param name="layers">The layers of the net; they hold the full-precision weights from now on.</param>
    /// <param name="grids">The grids. All have scales per channel, or all per tensor.</param>
    public NestedCodes(IReadOnlyList<WeightLayer> layers, IEnumerable<RoundingGrid> grids)
    {
        _layers = layers;
        _grids = [.. grids.OrderBy(g => g.MaximumCode)];
        _rungs = layers.ToDictionary(l => l.Name, l => Rungs(l, _grids));
        Place();
    }

    /// <summary>Lends the net the weights that a grid rounds it to.</summary>
    /// <param name="grid">One of the grids.</param>
    /// <returns>What gives the full-precision weights back when it is disposed of.</returns>
    public RoundedWeights Rounded(RoundingGrid grid)
    {
        var index = Array.IndexOf(_grids, grid);
        return RoundedWeights.Of(_layers, l => _rungs[l.Name][index].Values);
    }

    /// <summary>
    /// Moves what full precision has to itself. To be called when the gradients are those of full precision alone; they stay.
    /// </summary>
    /// <param name="rate">The length of a step in units of the finest scale.</param>
    public void StepFullPrecision(double rate) => Step(_grids.Length, rate);

    /// <summary>
    /// Moves what a grid has to itself. To be called when the gradients are those of full precision and of the grids from the
    /// finest to this one; they stay.
    /// </summary>
    /// <param name="grid">One of the grids.</param>
    /// <param name="rate">The length of a step in units of this grid's scale.</param>
    public void Step(RoundingGrid grid, double rate) => Step(Array.IndexOf(_grids, grid), rate);

    /// <summary>Puts the moved weights into the net, and clears the gradients.</summary>
    public void Place()
    {
        using var noGradient = no_grad();
        foreach (var layer in _layers)
        {
            var rungs = _rungs[layer.Name];
            foreach (var rung in rungs)
                rung.Place();
            layer.Weight.copy_(rungs[^1].Values);
            layer.Weight.grad?.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rung in _rungs.Values.SelectMany(r => r))
            rung.Dispose();
    }

    private void Step(int index, double rate)
    {
        using var noGradient = no_grad();
        foreach (var layer in _layers)
            _rungs[layer.Name][index].Step(layer.Weight.grad!, rate);
    }

    // The last rung is full precision: what it adds to the finest codes is not rounded.
    private static NestedRung[] Rungs(WeightLayer layer, RoundingGrid[] grids)
    {
        var rungs = new List<NestedRung>();
        foreach (var grid in grids)
            rungs.Add(new NestedRung(layer, grid, rungs.LastOrDefault()));
        rungs.Add(new NestedRung(layer, null, rungs[^1]));
        return [.. rungs];
    }
}
