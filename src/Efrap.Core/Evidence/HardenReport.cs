using System.Text.Json.Serialization;
using Efrap.Core.Quantization;

namespace Efrap.Core.Evidence;

/// <summary>What hardening did to a model. Holds no time stamps and no absolute paths: same inputs, same report.</summary>
public sealed record HardenReport
{
    /// <summary>The engine's version.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>What it ran on.</summary>
    public RuntimeVersions Runtime { get; init; } = RuntimeVersions.Current;

    /// <summary>The file name of the model, without its folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The model's external data, by path below its folder.</summary>
    public IReadOnlyList<FileDigest> ExternalData { get; init; } = [];

    /// <summary>The file name of the full-precision source of a quantized model, without its folder; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>SHA-256 of the source, lower-case hexadecimal; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceSha256 { get; init; }

    /// <summary>The source's external data, by path below its folder; null without a source.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileDigest>? SourceExternalData { get; init; }

    /// <summary>The file name of the hardened model, without its folder.</summary>
    public required string Output { get; init; }

    /// <summary>SHA-256 of the hardened file, lower-case hexadecimal.</summary>
    public required string OutputSha256 { get; init; }

    /// <summary>The precision, as the command line spells it: <c>int8</c>, <c>int8-weights</c> or <c>int4-weights</c>; <c>as-quantized</c>
    /// where only the integers of a quantized model were changed.</summary>
    public required string Precision { get; init; }

    /// <summary><c>per-tensor</c> where all weights of a layer share one scale; null where each output channel has its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Granularity { get; init; }

    /// <summary>The solver, as the command line spells it: <c>budget</c>, <c>nearest</c>, <c>paper</c> or <c>paper-gram</c>.</summary>
    public required string Solver { get; init; }

    /// <summary>The settings that the solver has beside the budget, as <c>name=value</c>; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? SolverSettings { get; init; }

    /// <summary>The activation budget ρ: the largest allowed ratio of a layer's activation error to that of nearest rounding.</summary>
    public required double Budget { get; init; }

    /// <summary>The name of the calibration file or folder, without the folder that it lies in.</summary>
    public required string Calibration { get; init; }

    /// <summary>SHA-256 of the calibration file, or of a folder's files in the order they were read.</summary>
    public required string CalibrationSha256 { get; init; }

    /// <summary>The number of calibration samples used.</summary>
    public required int Samples { get; init; }

    /// <summary>What was done to the samples; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreprocessingRecord? Preprocessing { get; init; }

    /// <summary>The quantized layers, in the order of execution.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The nodes with weights that stayed float, and why; of a quantized model those whose integers stayed as they were.</summary>
    public required IReadOnlyList<SkippedNode> Skipped { get; init; }

    /// <summary>Everything else a reader should know, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>One quantized layer.</summary>
/// <param name="Name">The node's name; where the model gives none, its operator and position.</param>
/// <param name="Operator">The operator, for example <c>Conv</c>.</param>
/// <param name="Rows">The number of output channels.</param>
/// <param name="Columns">K: the number of weights per output channel.</param>
/// <param name="Groups">The number of groups of a convolution; 1 otherwise.</param>
/// <param name="Flips">The share of weights, 0 to 1, not rounded to nearest.</param>
/// <param name="ActivationErrorNearest">A(nearest): mean squared error of the layer's output, summed over channels.</param>
/// <param name="ActivationError">A(b) of the rounding chosen, in the same unit.</param>
/// <param name="Penalty">k, the weight of the flip term, dimensionless; 0 when only activations counted.</param>
/// <param name="BudgetMet">Whether A(b) ≤ ρ·A(nearest).</param>
public sealed record LayerReport(
    string Name,
    string Operator,
    int Rows,
    int Columns,
    int Groups,
    double Flips,
    double ActivationErrorNearest,
    double ActivationError,
    double Penalty,
    bool BudgetMet)
{
    /// <summary>
    /// E r²: what the layer's error would be with its unrounded weights, on the input that the hardened prefix delivers.
    /// No rounding of this layer answers for it; where it exceeds ρ·A(nearest) the budget is usually out of reach.
    /// </summary>
    public double InheritedError { get; init; }

    /// <summary>How the layer of a quantized model was rounded before; null where the model was not quantized.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FoundRounding? Found { get; init; }

    /// <summary>A(b) / A(nearest); 1 when both are zero.</summary>
    public double Ratio => ActivationErrorNearest > 0 ? ActivationError / ActivationErrorNearest : 1;
}

/// <summary>How a layer of a quantized model was rounded when it came.</summary>
/// <param name="Nearest">The share of integers, 0 to 1, that were the nearest to their weight.</param>
/// <param name="OffLattice">How many integers were neither the floor nor the ceiling of their weight: no rounding gives them.</param>
/// <param name="Changed">The share of integers, 0 to 1, that hardening changed.</param>
/// <param name="MatchedBy">What told which weight of the source they come from: <c>names</c>, <c>position</c> or <c>values</c>.</param>
public sealed record FoundRounding(double Nearest, long OffLattice, double Changed, string MatchedBy);
