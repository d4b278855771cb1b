using Efrap.Core.Inference;
using Efrap.Core.Onnx;

namespace Efrap.Core.Quantization.Reading;

/// <summary>A full-precision model in the form that a quantized one was made from.</summary>
/// <param name="Graph">The model, weights evaluated and, as a rule, normalizations folded.</param>
/// <param name="Layers">The layers that a quantizer would round.</param>
/// <param name="Matches">The quantized model's weights beside theirs.</param>
internal sealed record SourceModel(ModelGraph Graph, IReadOnlyList<QuantizableLayer> Layers, SourceMatches Matches)
{
    /// <summary>Matches a quantized model to its source.</summary>
    /// <param name="source">The full-precision model.</param>
    /// <param name="quantized">The quantized model.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.SourceMismatch"/>: the source is quantized itself, or no weight comes from
    /// it. Or a code of the 1xxx range: the quantized model contradicts itself.</exception>
    internal static SourceModel Match(OnnxModel source, OnnxModel quantized)
    {
        var weights = QuantizedWeightReader.Read(new ModelGraph(quantized));
        var evaluated = ConstantWeights.Evaluate(source);
        var folded = Match(BatchNormalizationFolding.Fold(evaluated), weights);
        if (QuantizedWeights.IsQuantized(folded.Graph))
        {
            throw new EfrapException(
                EfrapCode.SourceMismatch, "this source is quantized itself; give the full-precision model that was quantized.", source.Path);
        }

        // Some quantizers leave normalizations where they are: then the integers stand for weights before folding.
        var best = folded;
        if (folded.Matches.Unmatched.Count > 0 && Match(evaluated, weights) is { } raw && raw.Matches.Matches.Count > folded.Matches.Matches.Count)
            best = raw;
        if (best.Matches.Matches.Count == 0)
            throw new EfrapException(EfrapCode.SourceMismatch, Mismatch(best.Matches, source), quantized.Path);

        // Weights that were trained on are still like those they began as: what tells is that no rounding leads from one to the other.
        var counts = best.Matches.Count();
        return 2 * counts.OffLattice <= counts.All ? best : throw new EfrapException(
            EfrapCode.SourceMismatch,
            $"{counts.OffLattice} of its {counts.All} integers are neither the floor nor the ceiling of the weights in {Path.GetFileName(source.Path)}: "
            + "it was made from another model, or from these weights after they were trained on; give the model that was quantized.",
            quantized.Path);
    }

    private static SourceModel Match(OnnxModel source, QuantizedModelWeights weights)
    {
        var graph = new ModelGraph(source);
        var layers = LayerPlanner.Plan(graph).Layers;
        return new SourceModel(graph, layers, SourceMatching.Match(weights, layers));
    }

    private static string Mismatch(SourceMatches matches, OnnxModel source)
    {
        var why = string.Join("; ", matches.Unmatched.Take(3).Select(u => $"`{u.Name}`: {u.Reason}"));
        return $"none of its quantized weights comes from the source {Path.GetFileName(source.Path)}{(why.Length > 0 ? $" ({why})" : string.Empty)}; "
            + "give the model that this one was quantized from.";
    }
}
