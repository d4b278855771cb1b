using Efrap.AttackLab.Nets;

namespace Efrap.AttackLab.Attacks;

/// <summary>
/// Training of a net for what it does in full precision and for what it does rounded to grids, all at once. It comes in two
/// kinds. Straight through: there is one set of weights, and a rounded net's gradient is taken for theirs. Looking ahead: each
/// grid's codes and the rounding errors have variables of their own (<see cref="NestedCodes"/>).
/// </summary>
internal sealed class JointDescent : IDisposable
{
    private readonly IReadOnlyList<WeightLayer> _layers;
    private readonly RoundingGrid[] _grids;
    private readonly NestedCodes? _nested;
    private readonly LatticeDescent? _straight;
    private readonly AdamDescent _others;

    /// <summary>Prepares the training.</summary>
    /// <param name="net">The net, folded.</param>
    /// <param name="grids">The grids; all per channel, or all per tensor.</param>
    /// <param name="lookAhead">The kind.</param>
    public JointDescent(LabNet net, IEnumerable<RoundingGrid> grids, bool lookAhead)
    {
        _layers = net.WeightLayers();
        _grids = [.. grids.OrderByDescending(g => g.MaximumCode)];
        _others = new AdamDescent(net);
        if (lookAhead)
            _nested = new NestedCodes(_layers, _grids);
        else
            _straight = new LatticeDescent(_layers, _grids[0]);
    }

    /// <summary>Takes a step.</summary>
    /// <param name="rate">The length of a step in units of each grid's scale; straight through, in those of the finest.</param>
    /// <param name="fullPrecision">Adds the gradients of the full-precision net's loss, and returns the loss.</param>
    /// <param name="rounded">Does so for the net as a grid rounds it.</param>
    /// <returns>The sum of losses.</returns>
    public double Step(double rate, Func<double> fullPrecision, Func<RoundingGrid, double> rounded)
    {
        var total = fullPrecision();
        _nested?.StepFullPrecision(rate);
        foreach (var grid in _grids)
        {
            using (_nested?.Rounded(grid) ?? RoundedWeights.Nearest(_layers, grid))
                total += rounded(grid);
            _nested?.Step(grid, rate);
        }

        _straight?.Step(rate);
        _nested?.Place();
        _others.Step(rate);
        return total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _nested?.Dispose();
        _straight?.Dispose();
        _others.Dispose();
    }
}
