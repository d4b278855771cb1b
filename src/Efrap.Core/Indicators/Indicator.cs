namespace Efrap.Core.Indicators;

/// <summary>Measures one sign of a quantization-conditioned backdoor (DESIGN 6).</summary>
public abstract class Indicator
{
    private protected const string NothingToDo = "Nothing to do.";

    /// <summary>The indicators that every installation has.</summary>
    public static IReadOnlyList<Indicator> OfEngine { get; } =
    [
        new LatticeResidual(), new ScaleOutliers(), new Agreement(), new Divergence(), new FlipConcentration(), new ActivationDrift(),
        new TriggerProbe(), new CounterfactualGap(),
    ];

    /// <summary>The indicator, as policies and reports call it.</summary>
    public abstract string Name { get; }

    /// <summary>What its failures and warnings are filed under.</summary>
    public abstract EfrapCode Code { get; }

    /// <summary>Whether it waits for what the others say of all lattices, and then comes first where they point.</summary>
    internal virtual bool IsDear => false;

    /// <summary>Measures it.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="lattice">Where its weights are rounded to.</param>
    /// <param name="progress">Told what is being done, in a few words, and what share of it is done.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    internal abstract IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken);

    /// <summary>The result of an indicator that could not be measured.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="reason">Why, without a full stop.</param>
    /// <param name="threshold">The figure from which it would have failed at the least.</param>
    private protected IndicatorResult NotMeasured(AuditLattice lattice, string reason, double? threshold = null) =>
        new(Name, lattice.Name, Verdict.NotMeasured)
        {
            Threshold = threshold,
            Reason = reason,
            Advice = "Judge the model by the other indicators.",
        };
}
