namespace Efrap.Core.Rounding;

/// <summary>
/// Which output positions of a layer are looked at: all of them, or where there are many more than the moments need, a
/// fixed selection spread evenly over samples and space.
/// </summary>
internal static class OutputPositions
{
    // The fractional part of multiples of the golden ratio: the most evenly spread sequence there is.
    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Selects positions of one batch.</summary>
    /// <param name="available">The number of positions in the batch.</param>
    /// <param name="wanted">The number of positions to select; all where it is not smaller.</param>
    /// <param name="batch">The batch's index, so that batches look at different places.</param>
    /// <returns>Ascending, distinct indices below <paramref name="available"/>: one from each of as many equal stretches.</returns>
    internal static int[] Select(int available, int wanted, int batch)
    {
        if (wanted >= available)
            return [.. Enumerable.Range(0, available)];
        var positions = new int[wanted];
        for (var i = 0; i < wanted; i++)
        {
            // Stretches begin at whole positions, or two that share one could both select it.
            var begin = (int)((long)i * available / wanted);
            var end = (int)((long)(i + 1) * available / wanted);

            // Where in its stretch a position lies changes from one to the next: stretches as long as an image row
            // would otherwise select a single column of every image.
            var within = (i + (batch * Math.Sqrt(2))) * GoldenRatio % 1;
            positions[i] = begin + (int)(within * (end - begin));
        }

        return positions;
    }
}
