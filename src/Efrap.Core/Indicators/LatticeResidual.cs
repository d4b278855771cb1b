using System.Globalization;
using Efrap.Core.Inference;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>
/// The share of weights that lie close to the middle between two lattice points: <c>|w/s − round(w/s)| &gt; 0.49</c>. Ordinary
/// weights lie anywhere, 2 % of them there. An attack that pushes weights just to the other side of a rounding's edge leaves
/// them there in heaps. The figure is that of the worst layer.
/// </summary>
/// <remarks>
/// Its placebos need no model: the same weights on the same lattice, shifted by a random part of a step in each row. Small layers
/// are left out, since chance alone can reach the threshold in them. An attacker who knows of it can avoid it; and weights that
/// were once rounded to a finer lattice can show it without any attack, but then the shifted lattices show it too.
/// </remarks>
internal sealed class LatticeResidual : Indicator
{
    // Five times the share that ordinary weights have. Of 128 weights 13 would have to lie there: chance does that to three layers
    // in a million.
    private const double FailingShare = 0.1;
    private const double WarningShare = 0.05;
    private const double FailingRatio = 2;
    private const int FewestWeights = 128;

    /// <inheritdoc/>
    public override string Name => "lattice-residual";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.LatticeResidual;

    internal override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        var layers = new List<(QuantizableLayer Layer, WeightLattice Points, LayerResidual Residual)>();
        foreach (var layer in subject.Layers)
        {
            var points = lattice.Of(layer);
            var residual = LayerResidual.Of(points);
            subject.LayerFigures.Add(lattice, layer, residual);
            if (residual.Movable >= FewestWeights)
                layers.Add((layer, points, residual));
        }

        if (layers.Count == 0)
            return NotMeasured(lattice, $"no layer has {FewestWeights} weights that rounding could move", FailingShare);

        var placebos = new double[subject.Effort.Placebos];
        Batches.ForEach(placebos.Length, subject.Effort.Parallel(cancellationToken), i =>
        {
            var random = SeededRandom.Of(subject.Effort.Seed + i + 1);
            placebos[i] = layers.Max(l => LayerResidual.Of(l.Points, random).Share);
        });
        var worst = layers.MaxBy(l => l.Residual.Share);
        return Judge(lattice, worst.Layer, worst.Residual, placebos);
    }

    private IndicatorResult Judge(AuditLattice lattice, QuantizableLayer layer, LayerResidual residual, double[] placebos)
    {
        var threshold = Math.Max(FailingShare, FailingRatio * placebos.DefaultIfEmpty(0).Max());
        var verdict = residual.Share >= threshold ? Verdict.Fail
            : residual.Share >= threshold * WarningShare / FailingShare ? Verdict.Warn
            : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = residual.Share,
            Threshold = threshold,
            Placebos = placebos,
            Interval = WilsonInterval.Of(residual.Beyond, residual.Movable),
            Where = string.Create(CultureInfo.InvariantCulture, $"layer {layer.Name}"),
            Advice = verdict == Verdict.Pass
                ? NothingToDo
                : "Do not round this model to nearest: its weights lie where rounding changes most. Harden it, and ask where it comes from.",
        };
    }
}
