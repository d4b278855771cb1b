using System.Text.Json.Serialization;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Evidence.Statements;

/// <summary>The claim that a model was audited: with what, against what, and what came out.</summary>
internal sealed record AuditPredicate
{
    /// <summary>Names the kind of claim. It is a name and no address.</summary>
    internal const string PredicateType = "urn:efrap-build:attestation:audit:v1";

    /// <summary>What made the audit.</summary>
    public required StatedTool Tool { get; init; }

    /// <summary>The full-precision original of a quantized model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Resource? Source { get; init; }

    /// <summary>The samples that were measured on; null where there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatedCalibration? Calibration { get; init; }

    /// <summary>The policy that the verdict went by.</summary>
    public required StatedPolicy Policy { get; init; }

    /// <summary>The number of placebo-rounded models on each lattice.</summary>
    public required int Placebos { get; init; }

    /// <summary>What decided the placebos and the probe's steps.</summary>
    public required int Seed { get; init; }

    /// <summary>The verdict over all indicators and lattices.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What follows from the figures under the policy, failures first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What each indicator measured, lattice by lattice.</summary>
    public required IReadOnlyList<IndicatorResult> Indicators { get; init; }

    /// <summary>What is known of each layer.</summary>
    public required IReadOnlyList<AuditedLayer> Layers { get; init; }

    /// <summary>What was not checked.</summary>
    public required IReadOnlyList<string> Limits { get; init; }

    /// <summary>States what an audit found of a model: the model's files are the subject.</summary>
    internal static Statement<AuditPredicate> State(AuditReport report) => new(
        [Resource.Of(report.Model, report.ModelSha256), .. report.ExternalData.Select(f => Resource.Of(f.Name, f.Sha256))],
        PredicateType,
        new AuditPredicate
        {
            Tool = new StatedTool("efrap", report.EngineVersion, report.Runtime),
            Source = report is { Source: { } source, SourceSha256: { } sha256 } ? Resource.Of(source, sha256) : null,
            Calibration = StatedCalibration.Of(report),
            Policy = StatedPolicy.Of(report.Policy),
            Placebos = report.Placebos,
            Seed = report.Seed,
            Verdict = report.Verdict,
            Findings = report.Findings,
            Indicators = report.Indicators,
            Layers = report.Layers,
            Limits = report.Limits,
        });
}

/// <summary>The policy of an audit.</summary>
/// <param name="File">Its file; null where there was none.</param>
/// <param name="EffectiveDigest">The digest of what it came to, in canonical form, with what settings override of it.</param>
/// <param name="Effective">What it came to.</param>
internal sealed record StatedPolicy(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Resource? File, ResourceDigest EffectiveDigest, AuditPolicy Effective)
{
    /// <summary>That of a report.</summary>
    internal static StatedPolicy Of(PolicyRecord policy) => new(
        policy is { File: { } file, FileSha256: { } sha256 } ? Resource.Of(file, sha256) : null,
        new ResourceDigest(policy.Sha256),
        policy.Effective);
}
