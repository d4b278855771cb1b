namespace Efrap.Core.Quantization;

/// <summary>
/// The affine grid of least mean-squared error: of the ranges that min-max gives and those down to a fifth of it, the one that
/// rounds the values best. What it cuts off saturates.
/// </summary>
internal static class LeastErrorGrid
{
    private const int Candidates = 80;
    private const float Step = 0.01f;

    /// <summary>Finds the grid.</summary>
    /// <param name="values">The values, or enough of them.</param>
    /// <param name="range">The range of all values.</param>
    /// <param name="bits">The number of bits: codes from 0 to 2^bits − 1.</param>
    internal static ActivationGrid Of(ReadOnlySpan<float> values, ActivationRange range, int bits)
    {
        var (best, smallest) = (range.ToGrid(bits), double.PositiveInfinity);
        for (var i = 0; i < Candidates; i++)
        {
            var share = 1 - (i * Step);
            var grid = new ActivationRange(range.Minimum * share, range.Maximum * share).ToGrid(bits);
            var error = Error(values, grid);
            if (error < smallest)
                (best, smallest) = (grid, error);
        }

        return best;
    }

    private static double Error(ReadOnlySpan<float> values, ActivationGrid grid)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            var difference = (double)grid.Round(value) - value;
            sum += difference * difference;
        }

        return sum;
    }
}
