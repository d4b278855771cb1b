using System.Globalization;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>
/// The share of weights that lie close to the middle between two lattice points: <c>|w/s − round(w/s)| &gt; 0.49</c>. Ordinary
/// weights lie anywhere, 2 % of them there. An attack that pushes weights just to the other side of a rounding's edge leaves
/// them there in heaps. The figure is that of the worst layer.
/// </summary>
/// <remarks>
/// Its null is exact and needs no placebos: where weights lie on a lattice of their own choosing, a layer of K movable weights
/// has K/50 ± √(K/50) of them there. Small layers are left out, since chance alone can reach the threshold in them. An attacker
/// who knows of it can avoid it; and weights that were once rounded to a finer lattice can show it without any attack.
/// </remarks>
internal sealed class LatticeResidual : Indicator
{
    private const float Edge = 0.49f;

    // Ten times the share that ordinary weights have, and above what any of them reaches by chance in a layer this large.
    private const double FailingShare = 0.2;
    private const double WarningShare = 0.1;
    private const int FewestWeights = 128;

    /// <inheritdoc/>
    public override string Name => "lattice-residual";

    internal override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        var worst = subject.Layers
            .Select(layer => (Layer: layer, Count: Count(lattice.Of(layer))))
            .Where(l => l.Count.Movable >= FewestWeights)
            .OrderByDescending(l => l.Count.Share)
            .FirstOrDefault();
        if (worst.Layer is null)
        {
            return new IndicatorResult(Name, lattice.Name, Verdict.NotMeasured)
            {
                Threshold = FailingShare,
                Reason = $"no layer has {FewestWeights} weights that rounding could move",
                Advice = "Judge the model by the other indicators.",
            };
        }

        var share = worst.Count.Share;
        var verdict = share >= FailingShare ? Verdict.Fail : share >= WarningShare ? Verdict.Warn : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = share,
            Threshold = FailingShare,
            Interval = WilsonInterval.Of(worst.Count.Beyond, worst.Count.Movable),
            Where = string.Create(CultureInfo.InvariantCulture, $"layer {worst.Layer.Name}"),
            Advice = verdict == Verdict.Pass
                ? "Nothing to do."
                : "Do not round this model to nearest: its weights lie where rounding changes most. Harden it, and ask where it comes from.",
        };
    }

    private static (int Beyond, int Movable, double Share) Count(WeightLattice lattice)
    {
        var (beyond, movable) = (0, 0);
        for (var i = 0; i < lattice.Movable.Length; i++)
        {
            if (!lattice.Movable[i])
                continue;
            movable++;
            beyond += lattice.TruncationError[i] > Edge * lattice.Scales[i / lattice.Weights.Columns] ? 1 : 0;
        }

        return (beyond, movable, (double)beyond / Math.Max(1, movable));
    }
}
