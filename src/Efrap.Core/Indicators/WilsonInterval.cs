namespace Efrap.Core.Indicators;

/// <summary>The 95 % score interval of a proportion (Wilson, JASA 22 (1927) 209), which holds for few samples too, or of a
/// difference of two.</summary>
/// <param name="Low">The lower end, 0 to 1; −1 to 1 for a difference.</param>
/// <param name="High">The upper end, likewise.</param>
public sealed record WilsonInterval(double Low, double High)
{
    // The 97.5 % quantile of the normal distribution.
    private const double Quantile = 1.959963984540054;

    /// <summary>The interval of a count.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <returns>The interval.</returns>
    public static WilsonInterval Of(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var n = (double)trials;
        var p = successes / n;
        var z2 = Quantile * Quantile;
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var reach = Quantile / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return new WilsonInterval(successes == 0 ? 0 : centre - reach, successes == trials ? 1 : centre + reach);
    }

    /// <summary>The interval of the difference of two counts, each of as many trials, built of theirs (Newcombe, Statistics in
    /// Medicine 17 (1998) 873, method 10). Where both were counted on the same samples it is wider than need be.</summary>
    /// <param name="first">0 to <paramref name="trials"/>.</param>
    /// <param name="second">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <returns>The interval of (first − second) / trials, within −1 to 1.</returns>
    public static WilsonInterval OfDifference(long first, long second, long trials)
    {
        var (a, b) = (Of(first, trials), Of(second, trials));
        var (p, q) = ((double)first / trials, (double)second / trials);
        return new WilsonInterval(
            p - q - Math.Sqrt(Math.Pow(p - a.Low, 2) + Math.Pow(b.High - q, 2)),
            p - q + Math.Sqrt(Math.Pow(a.High - p, 2) + Math.Pow(q - b.Low, 2)));
    }
}
