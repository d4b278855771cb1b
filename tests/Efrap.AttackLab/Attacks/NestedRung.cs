using Efrap.AttackLab.Nets;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>One layer's weights on one grid of <see cref="NestedCodes"/>, or in full precision.</summary>
internal sealed class NestedRung : IDisposable
{
    private readonly NestedRung? _coarser;
    private readonly Tensor _own;
    private readonly Tensor _largest;
    private readonly Tensor _smallest;
    private readonly Tensor _movable;
    private readonly Tensor _scale;
    private readonly Tensor _step;
    private readonly Tensor _reach;
    private readonly Tensor _backReach;
    private readonly Tensor _offset;
    private readonly AdamDirection _adam;
    private readonly Scalar? _largestCode;
    private readonly Scalar? _smallestCode;

    /// <summary>Places a layer's weights as near as this rung and the coarser ones allow.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="grid">The grid, or null for full precision.</param>
    /// <param name="coarser">The next coarser grid's rung, or null for the coarsest.</param>
    public NestedRung(WeightLayer layer, RoundingGrid? grid, NestedRung? coarser)
    {
        using var noGradient = no_grad();
        _adam = new AdamDirection(layer.Weight);
        using var scope = NewDisposeScope();
        (_coarser, _own) = (coarser, layer.Weight.detach().clone());
        _scale = grid?.Scale(_own) ?? coarser!._scale.clone();
        _largest = coarser?._largest.clone() ?? grid!.Largest(_own);
        _smallest = -_largest;
        _movable = _own.abs().ne(_largest);
        _step = _scale * _movable;
        if (grid is not null)
            (_largestCode, _smallestCode) = ((float)grid.MaximumCode, (float)-grid.MaximumCode);
        _reach = Reach(grid, coarser);
        _backReach = -_reach;
        _offset = ((coarser is null ? _own : _own.Minus(coarser.Values)) / _scale).nan_to_num(0).minimum(_reach).maximum(_backReach);
        Values = zeros_like(_own);
        foreach (var kept in (Tensor[])[_own, _largest, _smallest, _movable, _scale, _step, _reach, _backReach, _offset, Values])
            kept.MoveToOuterDisposeScope();
        Place();
    }

    /// <summary>The weights.</summary>
    public Tensor Values { get; }

    /// <summary>Computes the weights from the coarser ones.</summary>
    public void Place()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_largestCode is null)
        {
            var placed = (_offset * _scale).Plus(_coarser!.Values).minimum(_largest).maximum(_smallest);
            Values.copy_(placed.where(_movable, _own));
            return;
        }

        var codes = _offset.round();
        if (_coarser is not null)
        {
            var middle = (_coarser.Values / _scale).nan_to_num(0);
            codes = middle.Plus(_offset).round_().minimum(middle.Plus(_reach).floor_()).maximum(middle.Plus(_backReach).ceil_());
        }

        Values.copy_(codes.clamp_(_smallestCode, _largestCode!).mul_(_scale));
    }

    /// <summary>Moves the rung's own part against a gradient.</summary>
    /// <param name="gradient">The gradient of the weights.</param>
    /// <param name="rate">The length of a step in units of the scale.</param>
    public void Step(Tensor gradient, double rate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar step = -rate;
        _offset.add_(_adam.Next(gradient * _step), step).clamp_(_backReach, _reach);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in (IDisposable?[])[_own, _largest, _smallest, _movable, _scale, _step, _reach, _backReach, _offset, Values, _adam, _largestCode, _smallestCode])
            owned?.Dispose();
    }

    // In units of this rung's scale. A finer code stays so far from the ends of the coarser interval that half a finer step fits
    // in; full precision uses all of the finest interval.
    private Tensor Reach(RoundingGrid? grid, NestedRung? coarser)
    {
        using Scalar margin = RoundingIntervals.Margin;
        using Scalar half = 0.5f;
        if (coarser is null)
            return ones_like(_scale).mul_(_largestCode!);
        return grid is null
            ? ones_like(_scale).mul_(half).sub_(margin)
            : (coarser._scale / _scale).nan_to_num(0).mul_(half).sub_(half).sub_(margin);
    }
}
