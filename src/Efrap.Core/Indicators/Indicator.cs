namespace Efrap.Core.Indicators;

/// <summary>Measures one sign of a quantization-conditioned backdoor (DESIGN 6).</summary>
public abstract class Indicator
{
    /// <summary>The indicators that every installation has.</summary>
    public static IReadOnlyList<Indicator> OfEngine { get; } = [new LatticeResidual()];

    /// <summary>The indicator, as policies and reports call it.</summary>
    public abstract string Name { get; }

    /// <summary>Measures it.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="lattice">Where its weights are rounded to.</param>
    /// <param name="progress">Told what is being done, in a few words, and what share of it is done.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    internal abstract IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken);
}
