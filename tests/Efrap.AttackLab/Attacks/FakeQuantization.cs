using TorchSharp;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>A <see cref="RoundingGrid"/> on tensors: the same codes, to the bit, as it gives for arrays.</summary>
internal static class FakeQuantization
{
    /// <summary>The largest absolute weights of a layer.</summary>
    /// <param name="grid">The quantization.</param>
    /// <param name="weight">[channels, …].</param>
    /// <returns>[channels, 1, …], or [1, 1, …] where the grid is per tensor.</returns>
    public static Tensor Largest(this RoundingGrid grid, Tensor weight)
    {
        var first = grid.PerTensor ? 0 : 1;
        return weight.abs().amax([.. Enumerable.Range(first, weight.shape.Length - first).Select(i => (long)i)], keepdim: true);
    }

    /// <summary>The scales of a layer.</summary>
    /// <param name="grid">The quantization.</param>
    /// <param name="weight">[channels, …].</param>
    /// <returns>[channels, 1, …], or [1, 1, …] where the grid is per tensor; 0 where all weights are 0.</returns>
    public static Tensor Scale(this RoundingGrid grid, Tensor weight)
    {
        using Scalar codes = (float)grid.MaximumCode;
        return grid.Largest(weight).div_(codes);
    }

    /// <summary>The nearest codes of a layer.</summary>
    /// <param name="grid">The quantization.</param>
    /// <param name="weight">[channels, …].</param>
    /// <param name="scale">The scales.</param>
    /// <returns>Whole numbers, in the weights' shape.</returns>
    public static Tensor Codes(this RoundingGrid grid, Tensor weight, Tensor scale)
    {
        using Scalar smallest = (float)-grid.MaximumCode;
        using Scalar largest = (float)grid.MaximumCode;
        return (weight / scale).nan_to_num(0).round_().clamp_(smallest, largest);
    }

    /// <summary>Rounds a layer to the nearest points of its grid.</summary>
    /// <param name="grid">The quantization.</param>
    /// <param name="weight">[channels, …].</param>
    /// <returns>Code times scale, in the weights' shape.</returns>
    public static Tensor Round(this RoundingGrid grid, Tensor weight)
    {
        if (grid.LeastError)
            return ByLattice(grid, weight);
        var scale = grid.Scale(weight);
        return grid.Codes(weight, scale).mul_(scale);
    }

    private static Tensor ByLattice(RoundingGrid grid, Tensor weight)
    {
        var lattice = grid.Lattice(weight.detach().data<float>().ToArray(), weight.shape);
        var values = new float[lattice.Floor.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = lattice.Value(i / lattice.Weights.Columns, i, lattice.NearestUp[i]);
        return tensor(values).reshape(weight.shape);
    }
}
