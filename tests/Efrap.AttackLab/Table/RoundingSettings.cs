using System.Text.Json.Serialization;

namespace Efrap.AttackLab.Table;

/// <summary>All that a rounding and its measurement depend on.</summary>
/// <param name="Engine">The version of Efrap.</param>
/// <param name="Model">The model's SHA-256.</param>
/// <param name="Calibration">That of the calibration file.</param>
/// <param name="Data">The data's name.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="TestSamples">How many samples are measured.</param>
/// <param name="Trigger">The trigger.</param>
/// <param name="Weights">What weights are stored as.</param>
/// <param name="Solver">How they are rounded.</param>
/// <param name="Settings">The solver's own settings.</param>
internal sealed record RoundingSettings(
    string Engine,
    string Model,
    string Calibration,
    string Data,
    ulong Seed,
    int TestSamples,
    string Trigger,
    string Weights,
    string Solver,
    IReadOnlyList<string> Settings)
{
    /// <summary>ρ; null where the solver knows no budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Budget { get; init; }
}
