using Efrap.Core.Quantization;
using Efrap.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.Torch.Rounding;

/// <summary>
/// The rounding of a layer's input, per tensor, with a scale that learns: the gradient passes the rounding itself as if it were
/// not there, and the scale's own comes from where values lie in their steps and from those cut off (Esser et al., "Learned Step
/// Size Quantization", arXiv 1902.08153, equation 3; as in Torch, a value counts as cut off where its code is).
/// </summary>
internal sealed class InputRounding : IDisposable
{
    private readonly ActivationGrid _start;

    /// <summary>Begins with a grid.</summary>
    internal InputRounding(ActivationGrid grid)
    {
        _start = grid;
        Scale = new Parameter(tensor([grid.Scale]));
    }

    /// <summary>The step between two points, one value.</summary>
    internal Parameter Scale { get; }

    /// <summary>The grid as it is now: its scale has learned, its zero point stays.</summary>
    internal ActivationGrid Grid => Scale.data<float>()[0] is var scale && scale > 0 ? _start with { Scale = scale } : _start;

    /// <summary>Rounds an input.</summary>
    internal Tensor Of(Tensor input)
    {
        var positions = input / Scale;
        var rounded = positions.Plus((positions.round() - positions).detach());
        return rounded.Clamped(-_start.ZeroPoint, _start.HighestCode - _start.ZeroPoint) * Scale;
    }

    /// <inheritdoc/>
    public void Dispose() => Scale.Dispose();
}
