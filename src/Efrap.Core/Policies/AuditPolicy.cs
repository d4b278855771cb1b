using System.Text.Json.Serialization;

namespace Efrap.Core.Policies;

/// <summary>
/// What a build or a release gate accepts of a model: the content of <c>efrap.policy.json</c>, and what settings override of it.
/// The default is what an audit does where nobody wrote a policy.
/// </summary>
public sealed record AuditPolicy
{
    private static readonly Dictionary<string, IndicatorRule> _noRules = [];

    /// <summary>The schema that the file names for its editor; it has no other effect.</summary>
    [JsonPropertyName("$schema"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Schema { get; init; }

    /// <summary>The profile that fills in what the policy leaves open.</summary>
    public PolicyProfile Profile { get; init; }

    /// <summary>What an audit without calibration data comes to; null for the profile's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Consequence? WithoutCalibration { get; init; }

    // Whatever is absent from the JSON arrives here as null, past any initializer.
    /// <summary>What is asked of single indicators, by their names.</summary>
    public IReadOnlyDictionary<string, IndicatorRule> Indicators { get => field ?? _noRules; init; }

    /// <summary>What verifying accepts beside EFRAP rounding; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerifyRule? Verify { get; init; }

    /// <summary>The failures that somebody has reviewed and accepted for a time.</summary>
    public IReadOnlyList<Waiver> Waivers { get => field ?? []; init; }

    /// <summary>The same policy with nothing left to its profile.</summary>
    internal AuditPolicy Effective() => this with
    {
        Schema = null,
        WithoutCalibration = WithoutCalibration ?? (Profile == PolicyProfile.Strict ? Consequence.Fail : Consequence.Warn),
    };
}

/// <summary>How strict a policy is where it says nothing.</summary>
[JsonConverter(typeof(PolicyProfileJson))]
public enum PolicyProfile
{
    /// <summary>What cannot be measured warns.</summary>
    Default,

    /// <summary>What cannot be measured for want of calibration data or time fails.</summary>
    Strict,
}

/// <summary>What follows from a finding.</summary>
[JsonConverter(typeof(ConsequenceJson))]
public enum Consequence
{
    /// <summary>Nothing.</summary>
    Pass,

    /// <summary>A warning.</summary>
    Warn,

    /// <summary>A failure.</summary>
    Fail,
}

/// <summary>What a policy asks of an indicator.</summary>
public sealed record IndicatorRule
{
    /// <summary>The figure from which the indicator is beyond its threshold, on every lattice, in place of the one that its floor
    /// and its placebos give; null for that one.</summary>
    [JsonConverter(typeof(ThresholdJson)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Threshold { get; init; }

    /// <summary>What a figure beyond the threshold comes to, whatever the other indicators say; null for the combined verdict's
    /// rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Consequence? Severity { get; init; }

    /// <summary>Whether the audit fails where the indicator could not be measured on any lattice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Required { get; init; }
}

/// <summary>What a policy asks of the rounding of quantized models.</summary>
/// <param name="Allow">The roundings that are accepted beside EFRAP rounding.</param>
public sealed record VerifyRule(IReadOnlyList<AllowedRounding> Allow);

/// <summary>A rounding that a policy may accept beside EFRAP rounding. What nothing explains is none of them.</summary>
[JsonConverter(typeof(AllowedRoundingJson))]
public enum AllowedRounding
{
    /// <summary>Nearest rounding.</summary>
    Nearest,

    /// <summary>Stochastic rounding, or one that only preserves activations.</summary>
    OtherKnown,

    /// <summary>What cannot be told from what was given.</summary>
    Unknown,
}

/// <summary>A failure of one indicator on one model that somebody has reviewed and accepted for a time.</summary>
/// <param name="Model">What the model is known by: SHA-256 of its file, or what reports of a model with external data call its identity;
/// lower-case hexadecimal.</param>
/// <param name="Indicator">The indicator.</param>
/// <param name="Reason">Why the failure is accepted.</param>
/// <param name="Reviewer">Who accepted it.</param>
/// <param name="Expires">The last day, in UTC, on which the waiver holds.</param>
public sealed record Waiver(
    [property: JsonConverter(typeof(Sha256Json))] string Model,
    [property: JsonConverter(typeof(IndicatorNameJson))] string Indicator,
    [property: JsonConverter(typeof(SentenceJson))] string Reason,
    [property: JsonConverter(typeof(SentenceJson))] string Reviewer,
    [property: JsonConverter(typeof(DayJson))] DateOnly Expires);
