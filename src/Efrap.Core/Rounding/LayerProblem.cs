using System.Numerics.Tensors;
using Efrap.Core.Quantization;

namespace Efrap.Core.Rounding;

/// <summary>The rounding problem of one layer: its lattice and what the data says about it.</summary>
/// <param name="Lattice">The choices.</param>
/// <param name="Gram">G = E[x̂x̂ᵀ], per group [K, K], symmetric.</param>
/// <param name="Cross">q = E[r x̂], per row [K].</param>
/// <param name="Residual">E r², per row: the error that the hardened prefix leaves whatever this layer does.</param>
internal sealed record LayerProblem(WeightLattice Lattice, float[] Gram, float[] Cross, double[] Residual)
{
    /// <summary>The number of output channels.</summary>
    internal int Rows => Lattice.Weights.Rows;

    /// <summary>K.</summary>
    internal int Columns => Lattice.Weights.Columns;

    /// <summary>G of the group that a row belongs to.</summary>
    internal ReadOnlySpan<float> GramOf(int row)
    {
        var group = row / (Rows / Lattice.Weights.Groups);
        return Gram.AsSpan(group * Columns * Columns, Columns * Columns);
    }

    /// <summary>E‖Wx̂‖²: the power of what the unrounded weights make of the input, the bias left out.</summary>
    internal double OutputPower()
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            var gram = GramOf(row);
            ReadOnlySpan<float> weights = Lattice.Weights.Values.AsSpan(row * Columns, Columns);
            for (var i = 0; i < Columns; i++)
                sum += (double)weights[i] * TensorPrimitives.Dot(gram.Slice(i * Columns, Columns), weights);
        }

        return sum;
    }

    /// <summary>κ for a dimensionless k: κ = k·mean(diag G)·mean(s).</summary>
    internal float PenaltyUnit()
    {
        var trace = 0.0;
        var groups = Lattice.Weights.Groups;
        for (var group = 0; group < groups; group++)
        {
            for (var i = 0; i < Columns; i++)
                trace += Gram[(group * Columns * Columns) + (i * Columns) + i];
        }

        return (float)(trace / (groups * Columns) * Lattice.Scales.Average(s => (double)s));
    }
}
