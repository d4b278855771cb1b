using Efrap.Core.Rounding;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Rounding;

/// <summary>The activation term from the moments: with d = ŵ − w, <c>Σ dᵀGd + 2dᵀq + E r²</c> over the rows.</summary>
internal sealed class MomentTerm : IActivationTerm
{
    private readonly Tensor _gram;
    private readonly Tensor _cross;
    private readonly Tensor _weights;
    private readonly double _residual;

    /// <summary>Takes over a layer's moments.</summary>
    internal MomentTerm(LayerProblem problem)
    {
        var groups = problem.Lattice.Weights.Groups;
        var (rows, columns) = (problem.Rows / groups, problem.Columns);
        _gram = tensor(problem.Gram).reshape(groups, columns, columns);
        _cross = tensor(problem.Cross).reshape(groups, rows, columns);
        _weights = tensor(problem.Lattice.Weights.Values).reshape(groups, rows, columns);
        _residual = problem.Residual.Sum();
    }

    /// <inheritdoc/>
    public Tensor Of(Tensor weights)
    {
        var d = weights.reshape(_weights.shape) - _weights;
        return (d * d.matmul(_gram).Plus(_cross.Times(2))).sum().Plus(_residual);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gram.Dispose();
        _cross.Dispose();
        _weights.Dispose();
    }
}
