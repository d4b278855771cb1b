using System.Globalization;
using System.Numerics.Tensors;
using Efrap.Core.Onnx;

namespace Efrap.Core.Quantization.Reading;

/// <summary>
/// Matches the quantized weights of a model to the layers of its full-precision source: by names, then by their place among the
/// weights of one shape, then by their values. Whatever says that two belong together, their values must lie near each other; what
/// cannot be matched is reported and never guessed.
/// </summary>
internal sealed class SourceMatching
{
    // The cosine between a weight and its rounding is above 0.9 at 4 bits and above 0.7 where outliers make an int4 lattice coarse;
    // between weights that have nothing to do with each other it is near 0.
    private const double Related = 0.5;

    // By values alone, the best must be plainly a rounding and no other layer may be related.
    private const double Close = 0.8;

    private const double LargestNormRatio = 2;

    private readonly Dictionary<string, QuantizableLayer> _free;
    private readonly List<QuantizedTensor> _waiting;
    private readonly Dictionary<QuantizedTensor, SourceMatch> _matches = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<QuantizedTensor, string> _doubts = new(ReferenceEqualityComparer.Instance);

    private SourceMatching(IReadOnlyList<QuantizedTensor> tensors, IReadOnlyList<QuantizableLayer> layers)
    {
        _waiting = [.. tensors];
        _free = layers.DistinctBy(l => l.Weight).ToDictionary(l => l.Weight);
    }

    /// <summary>Matches them.</summary>
    /// <param name="weights">The quantized weights.</param>
    /// <param name="layers">The layers of the source.</param>
    internal static SourceMatches Match(QuantizedModelWeights weights, IReadOnlyList<QuantizableLayer> layers)
    {
        var matching = new SourceMatching(weights.Tensors, layers);
        matching.ByNames();
        matching.ByPosition();
        matching.ByValues();
        return new SourceMatches(
            [.. weights.Tensors.Where(matching._matches.ContainsKey).Select(t => matching._matches[t])],
            [.. weights.Unread, .. matching._waiting.Select(t => new SkippedNode(t.Uses[0].Name, t.Uses[0].Operator, matching.ReasonFor(t)))]);
    }

    private void ByNames()
    {
        foreach (var tensor in _waiting.ToList())
        {
            var named = _free.Values.Where(layer => Fits(tensor, layer) && HaveOneName(tensor, layer)).ToList();
            var likely = named.Where(layer => IsRelated(tensor, layer, out _)).ToList();
            if (likely is [var only])
                Take(tensor, only, MatchEvidence.Names);
            else if (named is [var other, ..])
                _doubts[tensor] = likely.Count > 1 ? "several weights of the source go by its name" : Unrelated(tensor, other);
        }
    }

    // Where as many of a shape wait on both sides, the order of execution pairs them.
    private void ByPosition()
    {
        foreach (var group in _waiting.GroupBy(ShapeOf).ToList())
        {
            var tensors = group.ToList();
            var layers = _free.Values.Where(l => ShapeOf(l) == group.Key).OrderBy(l => l.NodeIndex).ToList();
            if (tensors.Count != layers.Count)
                continue;
            foreach (var (tensor, layer) in tensors.Zip(layers).Where(pair => IsRelated(pair.First, pair.Second, out _)))
                Take(tensor, layer, MatchEvidence.Position);
        }
    }

    private void ByValues()
    {
        foreach (var tensor in _waiting.ToList())
        {
            var related = _free.Values.Where(layer => Fits(tensor, layer) && IsRelated(tensor, layer, out _)).ToList();
            if (related is [var only] && Likeness(tensor, only) >= Close)
                Take(tensor, only, MatchEvidence.Values);
            else if (related.Count > 1)
                _doubts[tensor] = "its values are like those of several weights of the source";
        }
    }

    private void Take(QuantizedTensor tensor, QuantizableLayer layer, MatchEvidence evidence)
    {
        _matches[tensor] = new SourceMatch(tensor, layer, evidence, Likeness(tensor, layer));
        _free.Remove(layer.Weight);
        _waiting.RemoveAll(t => ReferenceEquals(t, tensor));
        _doubts.Remove(tensor);
    }

    private string ReasonFor(QuantizedTensor tensor) =>
        _doubts.GetValueOrDefault(tensor) ?? "no weight of the source has its shape and values like it";

    private static string Unrelated(QuantizedTensor tensor, QuantizableLayer layer)
    {
        IsRelated(tensor, layer, out var likeness);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"its name is that of the source's `{DisplayName.Of(layer.Weight)}`, but its values have nothing in common with it (cosine {likeness:F2})");
    }

    private static bool Fits(QuantizedTensor tensor, QuantizableLayer layer) => ShapeOf(tensor) == ShapeOf(layer);

    private static (int, int, int) ShapeOf(QuantizedTensor tensor) => ShapeOf(tensor.Weights);

    private static (int, int, int) ShapeOf(QuantizableLayer layer) => ShapeOf(layer.Weights);

    private static (int, int, int) ShapeOf(WeightMatrix weights) => (weights.Rows, weights.Columns, weights.Groups);

    private static bool HaveOneName(QuantizedTensor tensor, QuantizableLayer layer) =>
        BaseName.Of(tensor.CodesName) == BaseName.Of(layer.Weight)
        || tensor.Uses.Any(use => BaseName.Of(use.Name) == BaseName.Of(layer.Name) || BaseName.Of(use.Output) == BaseName.Of(layer.Output));

    private static bool IsRelated(QuantizedTensor tensor, QuantizableLayer layer, out double likeness)
    {
        likeness = Likeness(tensor, layer);
        var (quantized, source) = (Norm(tensor.Weights), Norm(layer.Weights));
        return likeness >= Related && (source == 0 || (quantized / source is >= 1 / LargestNormRatio and <= LargestNormRatio));
    }

    private static double Likeness(QuantizedTensor tensor, QuantizableLayer layer)
    {
        var (quantized, source) = (Norm(tensor.Weights), Norm(layer.Weights));
        return quantized == 0 || source == 0
            ? (quantized == source ? 1 : 0)
            : TensorPrimitives.Dot<float>(tensor.Weights.Values, layer.Weights.Values) / (quantized * source);
    }

    private static double Norm(WeightMatrix weights) => TensorPrimitives.Norm<float>(weights.Values);
}
