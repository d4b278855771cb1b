namespace Efrap.Core.Indicators;

/// <summary>
/// The mean Kullback-Leibler divergence of Q's classes from F's, in nats: <c>E Σ F(c|x)·(ln F(c|x) − ln Q(c|x))</c> (Kullback and
/// Leibler, Annals of Mathematical Statistics 22 (1951) 79). It sees what <see cref="Agreement"/> is too coarse for.
/// </summary>
internal sealed class Divergence : PlaceboIndicator
{
    /// <inheritdoc/>
    public override string Name => "divergence";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.Divergence;

    // A hundredth of a nat: the probabilities of an ordinary sample have moved by some per cent.
    internal override double Floor => 0.01;

    internal override bool NeedsClasses => true;

    internal override string Effect => "changes the model's outputs more";

    internal override (double Value, string? Where) Figure(RoundingComparison comparison, Behaviour rounded)
    {
        var sum = 0.0;
        var (f, q) = (comparison.FullPrecision.LogProbabilities, rounded.LogProbabilities);
        for (var i = 0; i < f.Length; i++)
            sum += Math.Exp(f[i]) * ((double)f[i] - q[i]);
        return (sum / rounded.Classes.Length, null);
    }
}
