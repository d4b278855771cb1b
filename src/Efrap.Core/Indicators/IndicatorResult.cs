using System.Text.Json.Serialization;
using Efrap.Core.Policies;

namespace Efrap.Core.Indicators;

/// <summary>What an indicator measured on one lattice.</summary>
/// <param name="Name">The indicator, as policies and reports call it.</param>
/// <param name="Lattice">The lattice, as <see cref="AuditLattice.Name"/> spells it.</param>
/// <param name="Verdict">What it says.</param>
public sealed record IndicatorResult(string Name, string Lattice, Verdict Verdict)
{
    /// <summary>The figure; null where it was not measured.</summary>
    public double? Statistic { get; init; }

    /// <summary>The figure from which the indicator fails.</summary>
    public double? Threshold { get; init; }

    /// <summary>The same figure for placebo-rounded models, in the order of their seeds.</summary>
    public IReadOnlyList<double> Placebos { get; init; } = [];

    /// <summary>The figure over its threshold; 0 where it was not measured.</summary>
    internal double Nearness => this is { Statistic: { } figure, Threshold: > 0 and { } threshold } ? figure / threshold : 0;

    /// <summary>(1 + the number of placebos at or above the figure) / (placebos + 1); null without placebos.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue => Statistic is { } statistic && Placebos.Count > 0
        ? (1.0 + Placebos.Count(p => p >= statistic)) / (Placebos.Count + 1)
        : null;

    /// <summary>The interval of the figure where it is a proportion of samples.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WilsonInterval? Interval { get; init; }

    /// <summary>What the figure was found at, such as the class or the layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Where { get; init; }

    /// <summary>Why it was not measured, or measured in part.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Whether a time budget ended the measurement: on a faster machine, or with more time, it would say more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCutShort { get; init; }

    /// <summary>The policy's waiver of this failure, expired or not; null where there is none. The verdict stays <see cref="Verdict.Fail"/>,
    /// but the audit's only warns of a waived failure.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AppliedWaiver? Waiver { get; init; }

    /// <summary>What a reader should do.</summary>
    public required string Advice { get; init; }
}
