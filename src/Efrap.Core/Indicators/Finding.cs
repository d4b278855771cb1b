using System.Text.Json.Serialization;
using Efrap.Core.Policies;

namespace Efrap.Core.Indicators;

/// <summary>Something that an audit has to say beyond its figures: one for each indicator that fails or warns, whatever the number of
/// lattices, and one for each thing that the policy asks for and that was not measured.</summary>
/// <param name="Code">What it is filed under.</param>
/// <param name="Consequence"><see cref="Consequence.Fail"/> or <see cref="Consequence.Warn"/>.</param>
/// <param name="Text">One line: what was found, where, and what to do.</param>
public sealed record Finding([property: JsonConverter(typeof(EfrapCodeJson))] EfrapCode Code, Consequence Consequence, string Text)
{
    /// <summary>The indicator; null where the audit as a whole is concerned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Indicator { get; init; }

    /// <summary>The policy's waiver of it, expired or not; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AppliedWaiver? Waiver { get; init; }
}
