namespace Efrap.Core.Indicators;

/// <summary>
/// The share of all samples, 0 to 1, that one class gains by rounding on balance, for the class that gains most:
/// <c>max over t of P[Q(x) = t] − P[F(x) = t]</c>. Samples that cross over by chance do so in both directions; a backdoor's class
/// draws them even without the trigger.
/// </summary>
internal sealed class FlipConcentration : PlaceboIndicator
{
    /// <inheritdoc/>
    public override string Name => "flip-concentration";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.FlipConcentration;

    // Below it a class gains no more than two samples of a hundred, which a handful of samples at its border can do.
    internal override double Floor => 0.02;

    internal override double Ceiling => 1;

    internal override bool NeedsClasses => true;

    internal override string Effect => "draws samples to one class more";

    internal override (double Value, string? Where) Figure(RoundingComparison comparison, Behaviour rounded)
    {
        var gains = new int[comparison.Output!.Classes];
        for (var i = 0; i < rounded.Classes.Length; i++)
        {
            gains[rounded.Classes[i]]++;
            gains[comparison.FullPrecision.Classes[i]]--;
        }

        var most = gains.Max();
        return ((double)most / rounded.Classes.Length, most > 0 ? $"class {Array.IndexOf(gains, most)}" : null);
    }
}
