using System.Text.Json.Serialization;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Evidence;

/// <summary>What an audit found. Equal inputs give an equal report: it holds no time and no folder.</summary>
public sealed record AuditReport
{
    /// <summary>What no audit of this kind can tell, one sentence each.</summary>
    public static IReadOnlyList<string> WhatAnAuditCannotSee { get; } =
    [
        "A backdoor that is already active in full precision is out of scope.",
        "Lattices other than those listed were not looked at.",
        "Only weights were rounded: what quantized activations add was not looked at.",
        "Triggers were looked for among patches and veils over images; others can stay unfound.",
    ];

    /// <summary>What it cannot tell of a quantized model besides.</summary>
    public static string WhatIntegersDoNotShow { get; } =
        "Of the quantized model, the integers of its weights were looked at in place of the source's weights: "
        + "its graph, its biases and its rounding of activations were not.";

    /// <summary>The version of the report's form; what a later engine adds raises it.</summary>
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    /// <summary>The version of the engine.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>What the engine ran on.</summary>
    public RuntimeVersions Runtime { get; init; } = RuntimeVersions.Current;

    /// <summary>The file name of the model, without its folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model's file, lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>What waivers know the model by: <see cref="ModelSha256"/>, or with external data a digest of all of its files
    /// (<see cref="Onnx.OnnxModel.Identity"/>).</summary>
    public required string ModelIdentity { get; init; }

    /// <summary>The files of the model's external data; names are paths below the model's folder.</summary>
    public IReadOnlyList<FileDigest> ExternalData { get; init; } = [];

    /// <summary>The file name of the full-precision original of a quantized model, without its folder; null where the model is the
    /// original itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>SHA-256 of the original's file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceSha256 { get; init; }

    /// <summary>The files of the original's external data; names are paths below its folder; null where the model is the original itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileDigest>? SourceExternalData { get; init; }

    /// <summary>The name of the calibration file or folder, without the folder that it lies in; null without calibration.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Calibration { get; init; }

    /// <summary>SHA-256 of the calibration file, or of a folder's files in the order they were read; null without calibration.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CalibrationSha256 { get; init; }

    /// <summary>What was done to the calibration samples; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreprocessingRecord? Preprocessing { get; init; }

    /// <summary>The number of calibration samples used.</summary>
    public required int Samples { get; init; }

    /// <summary>The number of placebo-rounded models on each lattice.</summary>
    public required int Placebos { get; init; }

    /// <summary>What decided the placebos and the probe's steps.</summary>
    public required int Seed { get; init; }

    /// <summary>The policy that the verdict went by.</summary>
    public required PolicyRecord Policy { get; init; }

    /// <summary>The verdict over all indicators and lattices: the worst of the findings.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What follows from the figures under the policy, failures first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What each indicator measured, lattice by lattice.</summary>
    public required IReadOnlyList<IndicatorResult> Indicators { get; init; }

    /// <summary>What was looked at in a quantized model; null where the model is full-precision.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuditedIntegers? Integers { get; init; }

    /// <summary>What is known of each layer, in the order of execution.</summary>
    public IReadOnlyList<AuditedLayer> Layers { get; init; } = [];

    /// <summary>What was not checked.</summary>
    public required IReadOnlyList<string> Limits { get; init; }

    /// <summary>Where the time went, the most first. Not part of the written report, which holds no time.</summary>
    [JsonIgnore]
    public IReadOnlyList<AuditTiming> Timings { get; init; } = [];

    /// <summary>What the most successful trigger of the probe does to a sample; null where none moves any. Part of the HTML page alone.
    /// </summary>
    [JsonIgnore]
    public TriggerPicture? Picture { get; init; }
}

/// <summary>How long a part of an audit took.</summary>
/// <param name="Step">What was done, over all lattices.</param>
/// <param name="Time">How long.</param>
public sealed record AuditTiming(string Step, TimeSpan Time);
