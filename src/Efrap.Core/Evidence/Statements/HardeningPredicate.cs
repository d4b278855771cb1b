using System.Text.Json.Serialization;
using Efrap.Core.Quantization;

namespace Efrap.Core.Evidence.Statements;

/// <summary>The claim that a model was hardened: from what, with what, and what came out. The hardened file is the subject.</summary>
internal sealed record HardeningPredicate
{
    /// <summary>Names the kind of claim. It is a name and no address.</summary>
    internal const string PredicateType = "urn:efrap-build:attestation:harden:v1";

    /// <summary>What hardened it.</summary>
    public required StatedTool Tool { get; init; }

    /// <summary>The model that it was made from, full-precision or, with a source, quantized.</summary>
    public required StatedModel Model { get; init; }

    /// <summary>The full-precision original of a quantized model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatedModel? Source { get; init; }

    /// <summary>The samples that activations were measured on.</summary>
    public required StatedCalibration Calibration { get; init; }

    /// <summary>The settings that decide the result.</summary>
    public required StatedSettings Settings { get; init; }

    /// <summary>The layers, in the order of execution.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The nodes with weights that were left as they were, and why.</summary>
    public required IReadOnlyList<SkippedNode> Skipped { get; init; }

    /// <summary>SHA-256 of the statement's file with zeros in place of this digest: it shows that the file was altered, and not by whom
    /// it was written, which is for a signature. See <see cref="SealedStatement"/>.</summary>
    [JsonPropertyOrder(1)]
    public string Seal { get; init; } = SealedStatement.Unsealed;

    /// <summary>The full-precision model: what the rounding started from.</summary>
    [JsonIgnore]
    internal StatedModel FullPrecision => Source ?? Model;

    /// <summary>States what hardening did.</summary>
    internal static Statement<HardeningPredicate> State(HardenReport report) => new(
        [Resource.Of(report.Output, report.OutputSha256)],
        PredicateType,
        new HardeningPredicate
        {
            Tool = new StatedTool("efrap", report.EngineVersion, report.Runtime),
            Model = StatedModel.Of(report.Model, report.ModelSha256, report.ExternalData),
            Source = report is { Source: { } source, SourceSha256: { } sha256 } ? StatedModel.Of(source, sha256, report.SourceExternalData ?? []) : null,
            Calibration = StatedCalibration.Of(report),
            Settings = new StatedSettings(report.Precision, report.Solver, report.Budget, report.Granularity, report.SolverSettings),
            Layers = report.Layers,
            Skipped = report.Skipped,
        });
}

/// <summary>A model that something was made from.</summary>
/// <param name="Resource">Its file.</param>
/// <param name="ExternalData">The files of its external data; names are paths below the model's folder.</param>
internal sealed record StatedModel(Resource Resource, IReadOnlyList<Resource> ExternalData)
{
    /// <summary>Describes a model.</summary>
    internal static StatedModel Of(string name, string sha256, IReadOnlyList<FileDigest> externalData) =>
        new(Resource.Of(name, sha256), [.. externalData.Select(f => Resource.Of(f.Name, f.Sha256))]);
}

/// <summary>The settings of hardening, as reports spell them.</summary>
/// <param name="Precision">What weights and activations are stored as; <c>as-quantized</c> with a source.</param>
/// <param name="Solver">How weights are rounded.</param>
/// <param name="Budget">ρ.</param>
/// <param name="Granularity">How many weights share one scale; null for each output channel its own.</param>
/// <param name="SolverSettings">What the solver was told beside the budget, as <c>name=value</c>; null for nothing.</param>
internal sealed record StatedSettings(
    string Precision,
    string Solver,
    double Budget,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Granularity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? SolverSettings = null);
