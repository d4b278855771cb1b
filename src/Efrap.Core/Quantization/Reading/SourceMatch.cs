namespace Efrap.Core.Quantization.Reading;

/// <summary>What told that a quantized weight was made from a layer's.</summary>
internal enum MatchEvidence
{
    /// <summary>The names of its constants or of the node that reads it.</summary>
    Names,

    /// <summary>Its place among the weights of its shape, in the order of execution.</summary>
    Position,

    /// <summary>Its values, which are close to those of one layer alone.</summary>
    Values,
}

/// <summary>A quantized weight and the layer of the full-precision source that it was made from.</summary>
/// <param name="Tensor">The quantized weight.</param>
/// <param name="Layer">The layer of the source; its matrix has as many rows and columns.</param>
/// <param name="By">What told so. Values that lie near are required in any case.</param>
/// <param name="Likeness">The cosine between its values and the source's.</param>
internal sealed record SourceMatch(QuantizedTensor Tensor, QuantizableLayer Layer, MatchEvidence By, double Likeness);

/// <summary>The quantized weights of a model beside their source.</summary>
/// <param name="Matches">Those whose source is known, in the order of execution.</param>
/// <param name="Unmatched">Those that could not be read, or not be matched, and why.</param>
internal sealed record SourceMatches(IReadOnlyList<SourceMatch> Matches, IReadOnlyList<SkippedNode> Unmatched)
{
    /// <summary>How the codes of all matched weights lie to the source's.</summary>
    internal CodeCounts Count() => Matches
        .Select(m => CodeCounts.Of(m.Tensor.LatticeOf(m.Layer.Weights), m.Tensor.SignedRows()))
        .Aggregate(default(CodeCounts), (a, b) => a + b);
}
