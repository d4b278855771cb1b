using System.Globalization;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>
/// How far one weight widens the lattice of all that share its scale: <c>max|w| / |w| of rank 1 + ⌈K/1000⌉</c> among the K weights
/// of a scale, which is max|w| / p99.9 for many and the largest over the second largest for few; the worst scale counts. Planted
/// outliers make steps so wide that a backdoor fits into the rounding of everything else (Egashira et al., "Mind the Gap", ICML 2025).
/// </summary>
/// <remarks>
/// Its placebos need no model: the sizes of each layer's weights, relative to those of their own row, are dealt out anew to its
/// rows. Transformers have outliers without any attack, so it never decides alone.
/// </remarks>
internal sealed class ScaleOutliers : Indicator
{
    // Four times as wide a step hides the rounding of all other weights in sixteen times the room.
    private const double Threshold = 4;
    private const double FailingRatio = 1.5;
    private const int FewestWeights = 16;

    // Beyond this a layer is judged by a part of it, or the placebos of a large model would take minutes.
    private const long LargestDeal = 1 << 22;

    /// <inheritdoc/>
    public override string Name => "scale-outliers";

    /// <inheritdoc/>
    public override EfrapCode Code => EfrapCode.ScaleOutliers;

    internal override IndicatorResult Measure(
        AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
    {
        var layers = lattice.LayersOf(subject).Select(l => (Layer: l, Group: GroupLength(subject, l, lattice))).Where(l => l.Group >= FewestWeights).ToList();
        if (layers.Count == 0)
            return NotMeasured(lattice, $"no scale is shared by {FewestWeights} weights", Threshold);
        var worst = layers.Select(l => (l.Layer, l.Group, Figure: Worst(Sizes(l.Layer), l.Group))).MaxBy(l => l.Figure.Ratio);
        var placebos = new double[subject.Effort.Placebos];
        Inference.Batches.ForEach(placebos.Length, subject.Effort.Parallel(cancellationToken), i =>
        {
            var random = SeededRandom.Of(subject.Effort.Seed + i + 1);
            placebos[i] = layers.Max(l => Worst(Deal(l.Layer, random), l.Group).Ratio);
        });
        var threshold = Math.Max(Threshold, FailingRatio * placebos.DefaultIfEmpty(0).Max());
        var verdict = worst.Figure.Ratio >= threshold ? Verdict.Warn : Verdict.Pass;
        return new IndicatorResult(Name, lattice.Name, verdict)
        {
            Statistic = worst.Figure.Ratio,
            Threshold = threshold,
            Placebos = placebos,
            Where = lattice.Of(subject, worst.Layer).Granularity == Granularity.PerTensor
                ? $"layer {worst.Layer.Name}"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"layer {worst.Layer.Name}, channel {(long)worst.Figure.Group * worst.Group / worst.Layer.Weights.Columns}"),
            Advice = verdict == Verdict.Pass
                ? NothingToDo
                : "One weight makes the steps of all others wide: look at it, and give it a scale of its own before quantizing.",
        };
    }

    // A block at the end of a row may be shorter: then rows are looked at whole.
    private static int GroupLength(AuditSubject subject, QuantizableLayer layer, AuditLattice lattice)
    {
        var points = lattice.Of(subject, layer);
        return points.Granularity == Granularity.PerTensor ? layer.Weights.Values.Length
            : layer.Weights.Columns % points.BlockLength == 0 ? points.BlockLength
            : layer.Weights.Columns;
    }

    private static float[] Sizes(QuantizableLayer layer) => [.. layer.Weights.Values.Select(MathF.Abs)];

    // Relative to the row's root mean square, so that rows of different size are worth the same.
    private static float[] Deal(QuantizableLayer layer, Random random)
    {
        var (weights, columns) = (layer.Weights, layer.Weights.Columns);
        var norms = new float[weights.Rows];
        var relative = Sizes(layer);
        for (var row = 0; row < weights.Rows; row++)
        {
            var values = relative.AsSpan(row * columns, columns);
            var square = 0.0;
            foreach (var value in values)
                square += value * value;
            norms[row] = (float)Math.Sqrt(square / columns);
            for (var i = 0; i < values.Length && norms[row] > 0; i++)
                values[i] /= norms[row];
        }

        var length = (int)Math.Min(relative.Length, LargestDeal);
        var dealt = new float[relative.Length];
        for (var i = 0; i < dealt.Length; i++)
            dealt[i] = relative[random.Next(length)] * norms[i / columns];
        return dealt;
    }

    private static (double Ratio, int Group) Worst(float[] sizes, int length)
    {
        var (worst, where) = (0.0, 0);
        var rank = 1 + ((length + 999) / 1000);
        for (var group = 0; group * length < sizes.Length; group++)
        {
            var values = sizes.AsSpan(group * length, length);
            var top = new PriorityQueue<float, float>(rank + 1);
            var largest = 0f;
            foreach (var value in values)
            {
                largest = MathF.Max(largest, value);
                if (top.Count < rank)
                    top.Enqueue(value, value);
                else if (value > top.Peek())
                    top.EnqueueDequeue(value, value);
            }

            if (top.Peek() > 0 && largest / top.Peek() > worst)
                (worst, where) = (largest / top.Peek(), group);
        }

        return (worst, where);
    }
}
