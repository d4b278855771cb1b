using System.Text.Json.Serialization;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Verification;

namespace Efrap.Core.Evidence;

/// <summary>What rounding was found in a quantized model. Holds no time stamps and no absolute paths: same inputs, same report.</summary>
public sealed record VerifyReport
{
    /// <summary>The engine's version.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>The file name of the quantized model, without its folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The model's external data, by path below its folder.</summary>
    public IReadOnlyList<FileDigest> ExternalData { get; init; } = [];

    /// <summary>The file name of the full-precision source, without its folder; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>SHA-256 of the source, lower-case hexadecimal; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceSha256 { get; init; }

    /// <summary>The source's external data, by path below its folder; null without a source.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileDigest>? SourceExternalData { get; init; }

    /// <summary>SHA-256 of the calibration data; null without it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CalibrationSha256 { get; init; }

    /// <summary>The number of calibration samples used.</summary>
    public required int Samples { get; init; }

    /// <summary>The activation budget ρ that EFRAP rounding is held to.</summary>
    public required double Budget { get; init; }

    /// <summary>The attestation that fits the files; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerifiedAttestation? Attestation { get; init; }

    /// <summary>The policy that says what is accepted beside EFRAP rounding.</summary>
    public required PolicyRecord Policy { get; init; }

    /// <summary>The worst of what was found in a weight.</summary>
    public required RoundingKind Verdict { get; init; }

    /// <summary>Whether every weight has EFRAP rounding, or one that the policy allows.</summary>
    public required bool Accepted { get; init; }

    /// <summary>The quantized weights that were read, in the order of execution.</summary>
    public required IReadOnlyList<VerifiedTensor> Tensors { get; init; }

    /// <summary>The nodes whose quantized weights could not be read, not be matched to the source, or not be measured, and why.</summary>
    public required IReadOnlyList<SkippedNode> Unverified { get; init; }

    /// <summary>Everything else a reader should know, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>One quantized weight, and what rounding it shows.</summary>
/// <param name="Name">The name of the constant that holds the integers.</param>
/// <param name="Layer">The first node that multiplies with it.</param>
/// <param name="Operator">That node's operator.</param>
/// <param name="Form">How the file stores it: <c>dequantize-linear</c>, <c>q-linear</c>, <c>dynamic</c> or <c>blocks</c>.</param>
/// <param name="Bits">The bits of an integer.</param>
/// <param name="Count">The number of integers.</param>
/// <param name="Scales">The number of scales.</param>
/// <param name="AtEdges">The share of integers, 0 to 1, at either end of their range.</param>
/// <param name="Rounding">What rounding the integers show.</param>
/// <param name="Evidence">What tells so.</param>
public sealed record VerifiedTensor(
    string Name,
    string Layer,
    string Operator,
    string Form,
    int Bits,
    long Count,
    long Scales,
    double AtEdges,
    RoundingKind Rounding,
    string Evidence)
{
    /// <summary>How the integers lie to the source's weights; null without a source.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerifiedIntegers? Integers { get; init; }

    /// <summary>How the integers compare with those that hardening again gives; null where that was not done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReplayedIntegers? Replayed { get; init; }

    /// <summary>What calibration data shows; null without it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerifiedActivations? Activations { get; init; }
}

/// <summary>How integers lie to the weights that they were made from.</summary>
/// <param name="MatchedBy">What told which weight of the source they come from: <c>names</c>, <c>position</c> or <c>values</c>.</param>
/// <param name="NotNearest">The share, 0 to 1, that are not the nearest to their weight.</param>
/// <param name="OffLattice">How many are neither the floor nor the ceiling of their weight.</param>
/// <param name="LargestDeviation">The largest distance to a weight, in steps of the scale.</param>
/// <param name="Ties">How many weights lie halfway between two integers.</param>
/// <param name="TieRule">How those were rounded: <c>to even</c>, <c>away from zero</c> or <c>both ways</c>; null where nothing tells.</param>
/// <param name="ChiSquared">How far the numbers of those rounded up lie from what the weights' fractions say.</param>
/// <param name="ChiSquaredBins">The degrees of freedom of that.</param>
public sealed record VerifiedIntegers(
    string MatchedBy,
    double NotNearest,
    long OffLattice,
    double LargestDeviation,
    long Ties,
    string? TieRule,
    double ChiSquared,
    int ChiSquaredBins);

/// <summary>What integers do to a layer's output on calibration data, in the prefix that the file itself delivers.</summary>
/// <param name="Nearest">A(nearest): mean squared error of the layer's output, summed over channels.</param>
/// <param name="Ratio">A of the file's integers, as a share of it.</param>
/// <param name="EfrapRatio">The same for EFRAP rounding.</param>
/// <param name="LeastRatio">The same for the rounding that only preserves activations.</param>
/// <param name="LimitRatio">The largest share that passes as EFRAP rounding.</param>
/// <param name="FlippedError">The share of the truncation error, 0 to 1, on weights that the file flips.</param>
/// <param name="EfrapFlippedError">The same for EFRAP rounding.</param>
/// <param name="LeastFlippedError">The same for the rounding that only preserves activations.</param>
/// <param name="UnservedFlips">The share of the file's flips, 0 to 1, that cost more activation error than their truncation error pays.</param>
public sealed record VerifiedActivations(
    double Nearest,
    double Ratio,
    double EfrapRatio,
    double LeastRatio,
    double LimitRatio,
    double FlippedError,
    double EfrapFlippedError,
    double LeastFlippedError,
    double UnservedFlips);

/// <summary>An attestation whose digests are those of the files that were given.</summary>
/// <param name="File">Its file name, without its folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Solver">The solver that it attests.</param>
/// <param name="ReplayedSha256">SHA-256 of the model that hardening again gives; null where that was not done.</param>
public sealed record VerifiedAttestation(
    string File, string Sha256, string Solver, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReplayedSha256);

/// <summary>How integers compare with those that hardening again gives.</summary>
/// <param name="Different">How many differ.</param>
/// <param name="Certificate">How they do on the attested data; null where that was not measured.</param>
public sealed record ReplayedIntegers(long Different, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] VerifiedCertificate? Certificate);

/// <summary>What holds of EFRAP rounding on the data that it was made with, on any machine.</summary>
/// <param name="Error">A of the integers.</param>
/// <param name="Allowed">ρ·A(nearest) or, where that is out of reach, what EFRAP rounding reaches.</param>
/// <param name="Objective">A(b) + κ·P(b) of the integers.</param>
/// <param name="SolvedObjective">The same of the integers that solving gives.</param>
/// <param name="Holds">Whether both are within the tolerance.</param>
public sealed record VerifiedCertificate(double Error, double Allowed, double Objective, double SolvedObjective, bool Holds);
