using System.Globalization;
using Efrap.Core.Inference;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

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
/// <para>Where a file says what weights were rounded to, the figure is that share times <c>2p − 1</c>, with p the part of all weights there
/// that went to nearest: 1 for nearest rounding, 0 and less for rounding by chance and for hardening, which put to sleep what nearest
/// rounding awakes. It is taken over all layers, since a layer alone may have no better rounding than nearest.</para>
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
        var off = 0L;
        foreach (var layer in lattice.LayersOf(subject))
        {
            var points = lattice.Of(subject, layer);
            var codes = lattice.CodesOf(subject, layer, points);
            var residual = LayerResidual.Of(points, codes);
            subject.LayerFigures.Add(lattice, layer, residual);
            off += CodeCounts.Of(points, codes).OffLattice;
            layers.Add((layer, points, residual));
        }

        var (beyond, nearest) = (layers.Sum(l => (long)l.Residual.Beyond), layers.Sum(l => (long)l.Residual.Nearest));
        layers.RemoveAll(l => l.Residual.Movable < FewestWeights);
        if (layers.Count == 0)
            return NotMeasured(lattice, $"no layer has {FewestWeights} weights that rounding could move", FailingShare);

        var placebos = new double[subject.Effort.Placebos];
        Batches.ForEach(placebos.Length, subject.Effort.Parallel(cancellationToken), i =>
        {
            var random = SeededRandom.Of(subject.Effort.Seed + i + 1);
            placebos[i] = layers.Max(l => LayerResidual.Of(l.Points, null, random).Share);
        });
        var worst = layers.MaxBy(l => l.Residual.Share);
        var kept = beyond == 0 ? 1 : Math.Max(0, (2.0 * nearest / beyond) - 1);
        return Judge(lattice, worst.Layer, worst.Residual, kept, off, placebos);
    }

    private IndicatorResult Judge(
        AuditLattice lattice, QuantizableLayer layer, LayerResidual residual, double kept, long off, double[] placebos)
    {
        var threshold = Math.Max(FailingShare, FailingRatio * placebos.DefaultIfEmpty(0).Max());
        var figure = kept * residual.Share;
        var suspicious = figure >= threshold * WarningShare / FailingShare;
        var verdict = figure >= threshold ? Verdict.Fail
            : suspicious || off > 0 ? Verdict.Warn
            : Verdict.Pass;
        var interval = WilsonInterval.Of(residual.Beyond, residual.Movable);
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = figure,
            Threshold = threshold,
            Placebos = placebos,
            Interval = new WilsonInterval(kept * interval.Low, kept * interval.High),
            Where = string.Create(CultureInfo.InvariantCulture, $"layer {layer.Name}"),
            Reason = off == 0 ? null : $"{off} integers are neither the floor nor the ceiling of their weight",
            Advice = verdict == Verdict.Pass ? NothingToDo
                : suspicious ? $"{lattice.Text.Residual} {lattice.Text.Cure}"
                : $"No rounding gives these integers: ask how they were made. {lattice.Text.Cure}",
        };
    }
}
