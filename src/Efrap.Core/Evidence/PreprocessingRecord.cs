using System.Text.Json.Serialization;
using Efrap.Core.Calibration;

namespace Efrap.Core.Evidence;

/// <summary>What was done to the values of float inputs before the model saw them: <c>(value · scale − mean) / std</c>.</summary>
/// <param name="Scale">What they were multiplied by; null for 1.</param>
/// <param name="Mean">What was subtracted: one value, or one per channel; null for 0.</param>
/// <param name="Std">What they were divided by: one value, or one per channel; null for 1.</param>
public sealed record PreprocessingRecord(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Scale = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Mean = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Std = null)
{
    /// <summary>That of calibration options; null where nothing was done.</summary>
    internal static PreprocessingRecord? Of(CalibrationOptions? options) => options is { Scale: null, Mean: null, Std: null } or null
        ? null
        : new PreprocessingRecord(options.Scale, options.Mean, options.Std);
}
