using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Evidence;

/// <summary>What an audit looked at in a quantized model, and what it could not compare with the source.</summary>
/// <param name="Weights">How many weights of the file were compared.</param>
/// <param name="Codes">How many integers they have.</param>
/// <param name="NotNearest">How many integers are not the nearest to the source's weight.</param>
/// <param name="OffLattice">How many integers are neither the floor nor the ceiling of the source's weight.</param>
/// <param name="Unmatched">The quantized weights that were not compared, and why.</param>
public sealed record AuditedIntegers(int Weights, long Codes, long NotNearest, long OffLattice, IReadOnlyList<SkippedNode> Unmatched)
{
    /// <summary>Sums up.</summary>
    internal static AuditedIntegers Of(SourceMatches matches)
    {
        var counts = matches.Count();
        return new AuditedIntegers(matches.Matches.Count, counts.All, counts.NotNearest, counts.OffLattice, matches.Unmatched);
    }
}
