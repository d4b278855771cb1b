namespace Efrap.Core.Indicators;

/// <summary>The 95 % score interval of a proportion (Wilson, JASA 22 (1927) 209), which holds for few samples too.</summary>
/// <param name="Low">The lower end, 0 to 1.</param>
/// <param name="High">The upper end, 0 to 1.</param>
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
}
