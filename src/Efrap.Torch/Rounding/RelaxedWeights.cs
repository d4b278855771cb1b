using Efrap.Core.Quantization;
using Efrap.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Efrap.Torch.Rounding;

/// <summary>A layer's weights between the two lattice points around each: <c>ŵ = s·(l + h)</c> with 0 &lt; h &lt; 1.</summary>
internal sealed class RelaxedWeights
{
    private readonly WeightLattice _lattice;
    private readonly Tensor _scale;
    private readonly Tensor _floor;
    private readonly Tensor _movable;
    private readonly Tensor _fixed;
    private readonly Tensor _error;
    private readonly Tensor _flipped;

    /// <summary>Begins at the full-precision weights.</summary>
    /// <param name="lattice">The choices.</param>
    /// <param name="smallestFraction">How close to a lattice point h may begin.</param>
    internal RelaxedWeights(WeightLattice lattice, float smallestFraction)
    {
        _lattice = lattice;
        var (rows, columns) = (lattice.Weights.Rows, lattice.Weights.Columns);
        _scale = tensor(lattice.Scales).reshape(rows, 1);
        _floor = OfRows([.. lattice.Floor.Select((l, i) => (float)(l - lattice.ZeroPoints[i / columns]))]);
        _movable = OfRows([.. lattice.Movable.Select(m => m ? 1f : 0f)]);

        // A weight that cannot move stays where nearest rounding puts it.
        _fixed = OfRows([.. lattice.NearestUp.Zip(lattice.Movable, (up, movable) => up && !movable ? 1f : 0f)]);
        _error = OfRows([.. lattice.TruncationError.Zip(lattice.Movable, (e, movable) => movable ? e : 0f)]);
        _flipped = OfRows([.. lattice.NearestUp.Select(up => up ? 0f : 1f)]);
        var fraction = (OfRows(lattice.Weights.Values) / _scale - _floor).Clamped(smallestFraction, 1 - smallestFraction);
        Logits = new Parameter((fraction / fraction.OneMinus()).log());

        Tensor OfRows(float[] values) => tensor(values).reshape(rows, columns);
    }

    /// <summary>v = logit(h), [rows, K].</summary>
    internal Parameter Logits { get; }

    /// <summary>ŵ, [rows, K].</summary>
    internal Tensor Weights(Tensor h) => _floor.Plus(h * _movable).Plus(_fixed) * _scale;

    /// <summary>Σ e·CE(h, 1 − n).</summary>
    internal Tensor FlipTerm() => binary_cross_entropy_with_logits(Logits, _flipped, _error, TorchSharp.torch.nn.Reduction.Sum);

    /// <summary>Σ(1 − |2h − 1|²): 0 where every h is 0 or 1.</summary>
    internal Tensor Undecided(Tensor h) => (_movable * h.Times(2).Minus(1).Squared().OneMinus()).sum();

    /// <summary>b = [h ≥ ½], and nearest rounding where there is no choice.</summary>
    internal bool[] Decide()
    {
        var logits = Logits.data<float>();
        var up = new bool[_lattice.Movable.Length];
        for (var i = 0; i < up.Length; i++)
            up[i] = _lattice.Movable[i] ? logits[i] >= 0 : _lattice.NearestUp[i];
        return up;
    }
}
