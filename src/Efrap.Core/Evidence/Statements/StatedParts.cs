using System.Text.Json.Serialization;

namespace Efrap.Core.Evidence.Statements;

/// <summary>What made a claim.</summary>
/// <param name="Name">The program.</param>
/// <param name="Version">Its version.</param>
/// <param name="Runtime">What it ran on.</param>
internal sealed record StatedTool(string Name, string Version, RuntimeVersions Runtime);

/// <summary>The samples that a claim rests on.</summary>
/// <param name="Resource">Their file.</param>
/// <param name="Samples">How many were used, the first ones.</param>
/// <param name="Preprocessing">What was done to them.</param>
internal sealed record StatedCalibration(
    Resource Resource,
    int Samples,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PreprocessingRecord? Preprocessing = null)
{
    /// <summary>Those of a report; null where it has none.</summary>
    internal static StatedCalibration? Of(AuditReport report) => report.CalibrationSha256 is { } sha256
        ? new(Resource.Of(report.Calibration ?? "_", sha256), report.Samples, report.Preprocessing)
        : null;

    /// <summary>Those of a report.</summary>
    internal static StatedCalibration Of(HardenReport report) =>
        new(Resource.Of(report.Calibration, report.CalibrationSha256), report.Samples, report.Preprocessing);
}
