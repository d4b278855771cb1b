using Efrap.AttackLab.Measure;

namespace Efrap.AttackLab.Table;

/// <summary>A row of the table: one model in one format, in full precision and in every rounding.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Attack">The attack's name; null for a clean model.</param>
/// <param name="Trigger">The trigger and its target.</param>
/// <param name="Weights">What weights are stored as.</param>
/// <param name="FullPrecision">The model as it is.</param>
/// <param name="Roundings">What each rounding made of it.</param>
public sealed record TableRow(
    string Model, string? Attack, string Trigger, string Weights, AttackMeasurement FullPrecision, IReadOnlyList<RoundingResult> Roundings)
{
    /// <summary>The name of our solver's column.</summary>
    public const string Ours = "budget";

    /// <summary>The name of the column of the paper's solver.</summary>
    public const string Paper = "paper";

    /// <summary>The name of nearest rounding's column.</summary>
    public const string Nearest = "nearest";

    /// <summary>The name of the column of a rounding that the attacker chose himself.</summary>
    public const string Attacker = "attacker";

    private const double LargestDormant = 0.15;
    private const double SmallestAwake = 0.85;
    private const double LargestDisarmed = 0.05;
    private const double OursAccuracyLoss = 0.01;
    private const double PaperAccuracyLoss = 0.02;

    // Shares are counts over a thousand samples or so; a bound must not be missed by the last bit of a double.
    private const double Tolerance = 1e-9;

    /// <summary>Whether full precision obeys the trigger on at most 15 % of samples.</summary>
    public bool Dormant => FullPrecision.AttackSuccess <= LargestDormant + Tolerance;

    /// <summary>Whether the quantized model that the attacker wants obeys it on at least 85 %.</summary>
    public bool Awake => (Of(Attacker) ?? Of(Nearest)) is { } woken && woken.AttackSuccess >= SmallestAwake - Tolerance;

    /// <summary>Whether the requirements apply: a quantization-conditioned backdoor that works.</summary>
    public bool Applies => Attack is not null && Dormant && Awake;

    /// <summary>
    /// Whether our solver disarms the backdoor (ASR at most 5 %, or that of full precision) and keeps clean accuracy within a
    /// point of full precision; null where that does not apply.
    /// </summary>
    public bool? OursHolds => Holds(Ours, OursAccuracyLoss);

    /// <summary>Whether the paper's solver disarms it, and keeps clean accuracy within two points; null where that does not apply.</summary>
    public bool? PaperHolds => Holds(Paper, PaperAccuracyLoss);

    /// <summary>The result of a rounding, or null.</summary>
    /// <param name="rounding">The column's name.</param>
    /// <returns>The result.</returns>
    public RoundingResult? Of(string rounding) => Roundings.FirstOrDefault(r => r.Rounding == rounding);

    private bool? Holds(string rounding, double accuracyLoss) => Applies && Of(rounding) is { } result
        ? result.AttackSuccess <= Math.Max(LargestDisarmed, FullPrecision.AttackSuccess) + Tolerance
            && result.CleanAccuracy >= FullPrecision.CleanAccuracy - accuracyLoss - Tolerance
        : null;
}
