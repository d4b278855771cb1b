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
    private const float Edge = 0.49f;

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
        var layers = subject.Layers.Select(layer => (Layer: layer, Points: lattice.Of(layer)))
            .Where(l => l.Points.Movable.Count(m => m) >= FewestWeights).ToList();
        if (layers.Count == 0)
            return NotMeasured(lattice, $"no layer has {FewestWeights} weights that rounding could move", FailingShare);

        var placebos = new double[subject.Effort.Placebos];
        Batches.ForEach(placebos.Length, subject.Effort.Parallel(cancellationToken), i =>
        {
            var random = SeededRandom.Of(subject.Effort.Seed + i + 1);
            placebos[i] = layers.Max(l => Count(l.Points, random).Share);
        });
        var worst = layers.Select(l => (l.Layer, Count: Count(l.Points, null))).MaxBy(l => l.Count.Share);
        return Judge(lattice, worst.Layer, worst.Count, placebos);
    }

    private IndicatorResult Judge(
        AuditLattice lattice, QuantizableLayer layer, (int Beyond, int Movable, double Share) count, double[] placebos)
    {
        var threshold = Math.Max(FailingShare, FailingRatio * placebos.DefaultIfEmpty(0).Max());
        var verdict = count.Share >= threshold ? Verdict.Fail
            : count.Share >= threshold * WarningShare / FailingShare ? Verdict.Warn
            : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = count.Share,
            Threshold = threshold,
            Placebos = placebos,
            Interval = WilsonInterval.Of(count.Beyond, count.Movable),
            Where = string.Create(CultureInfo.InvariantCulture, $"layer {layer.Name}"),
            Advice = verdict == Verdict.Pass
                ? NothingToDo
                : "Do not round this model to nearest: its weights lie where rounding changes most. Harden it, and ask where it comes from.",
        };
    }

    // Without random numbers the lattice is where it is.
    private static (int Beyond, int Movable, double Share) Count(WeightLattice lattice, Random? random)
    {
        var (beyond, movable) = (0, 0);
        for (var row = 0; row < lattice.Weights.Rows; row++)
        {
            var shift = random?.NextSingle() ?? 0;
            for (var i = row * lattice.Weights.Columns; i < (row + 1) * lattice.Weights.Columns; i++)
            {
                if (!lattice.Movable[i])
                    continue;
                var position = (lattice.Weights.Values[i] / lattice.Scales[row]) + shift;
                movable++;
                beyond += MathF.Abs(position - MathF.Round(position)) > Edge ? 1 : 0;
            }
        }

        return (beyond, movable, (double)beyond / Math.Max(1, movable));
    }
}
