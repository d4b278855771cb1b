namespace Efrap.Core.Verification;

/// <summary>What the integers of one weight were found to be.</summary>
/// <param name="Kind">The rounding.</param>
/// <param name="Evidence">What tells so, in a few words.</param>
internal sealed record RoundingFinding(RoundingKind Kind, string Evidence);
