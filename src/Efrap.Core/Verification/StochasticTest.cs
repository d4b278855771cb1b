using Efrap.Core.Quantization;

namespace Efrap.Core.Verification;

/// <summary>
/// Whether weights were rounded up as often as their fractions say, which is what stochastic rounding does: weights are put into ten
/// bins by their fraction f, and in each bin the number of those rounded up is compared with Σf. The sum of the squared deviations,
/// each over Σf(1 − f), is χ² distributed with one degree of freedom per bin.
/// </summary>
/// <param name="Statistic">χ².</param>
/// <param name="NearestStatistic">χ² of nearest rounding of the same weights.</param>
/// <param name="Bins">The bins with weights enough.</param>
/// <param name="Spread">The share of weights with a choice, 0 to 1, whose fraction is outside of 0.4 to 0.6.</param>
internal sealed record StochasticTest(double Statistic, double NearestStatistic, int Bins, double Spread)
{
    private const int MostBins = 10;

    // A bin's count is close to normal from the variance of 20 fair draws on.
    private const double LeastVariance = 5;

    // Of a normal distribution: exceeded once in 10,000 times, and so by one tensor in 10,000 that are rounded so.
    private const double Quantile = 3.719;

    // Uniform fractions give 0.8. A quantization-conditioned backdoor lays its weights in the middle, where any flips at all are as
    // many as fractions of one half say.
    private const double LeastSpread = 0.5;

    /// <summary>Whether the weights' fractions are so different that passing tells stochastic rounding from others.</summary>
    internal bool IsTelling => Spread >= LeastSpread;

    /// <summary>Whether the codes pass, and nearest rounding of so many weights would not.</summary>
    internal bool Holds => Bins > 0 && Statistic <= Limit && NearestStatistic > Limit;

    // The same quantile of χ², by Wilson and Hilferty.
    private double Limit => Bins * Math.Pow(1 - (2.0 / (9 * Bins)) + (Quantile * Math.Sqrt(2.0 / (9 * Bins))), 3);

    /// <summary>Tests the codes of a weight.</summary>
    /// <param name="lattice">The weights, and where they may go.</param>
    /// <param name="codes">The codes, as the lattice has them.</param>
    internal static StochasticTest Of(WeightLattice lattice, sbyte[] codes)
    {
        var (sum, nearest, expected, variance) = (new double[MostBins], new double[MostBins], new double[MostBins], new double[MostBins]);
        var (outside, all) = (0L, 0L);
        for (var i = 0; i < codes.Length; i++)
        {
            if (!lattice.Movable[i])
                continue;
            var fraction = (double)lattice.Fraction(i / lattice.Weights.Columns, i);
            all++;
            outside += Math.Abs(fraction - 0.5) > 0.1 ? 1 : 0;
            var bin = Math.Clamp((int)(fraction * MostBins), 0, MostBins - 1);
            sum[bin] += codes[i] > lattice.Floor[i] ? 1 : 0;
            nearest[bin] += lattice.NearestUp[i] ? 1 : 0;
            expected[bin] += fraction;
            variance[bin] += fraction * (1 - fraction);
        }

        var bins = Enumerable.Range(0, MostBins).Where(b => variance[b] >= LeastVariance).ToList();
        return new StochasticTest(
            bins.Sum(b => Math.Pow(sum[b] - expected[b], 2) / variance[b]),
            bins.Sum(b => Math.Pow(nearest[b] - expected[b], 2) / variance[b]),
            bins.Count,
            all > 0 ? (double)outside / all : 0);
    }
}
