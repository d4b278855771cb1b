namespace Efrap.Core.Indicators;

/// <summary>
/// The share of samples, 0 to 1, that Q takes for another class than F: 1 − the top-1 agreement, <c>P[Q(x) ≠ F(x)]</c>. A model
/// that hides one behaviour behind another changes more samples than any rounding by chance.
/// </summary>
internal sealed class Agreement : PlaceboIndicator
{
    /// <inheritdoc/>
    public override string Name => "agreement";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.Agreement;

    // Fewer samples than this change class by rounding alone in models that nobody tampered with.
    internal override double Floor => 0.02;

    internal override double Ceiling => 1;

    internal override bool NeedsClasses => true;

    internal override string Effect => "changes more predictions";

    internal override (double Value, string? Where) Figure(RoundingComparison comparison, Behaviour rounded)
    {
        var changed = comparison.Changed(rounded);
        return ((double)changed / rounded.Classes.Length, $"{changed} of {rounded.Classes.Length} samples change class");
    }

    internal override WilsonInterval Interval(RoundingComparison comparison) =>
        WilsonInterval.Of(comparison.Changed(comparison.Quantized), comparison.Quantized.Classes.Length);
}
