namespace Efrap.AttackLab.Table;

/// <summary>What a rounding made of a model.</summary>
/// <param name="Rounding">The solver's name.</param>
/// <param name="CleanAccuracy">CDA, 0 to 1.</param>
/// <param name="AttackSuccess">ASR, 0 to 1.</param>
/// <param name="Flips">The share of weights, 0 to 1, that are not rounded to nearest.</param>
/// <param name="Seconds">The time that hardening took, from reading to writing.</param>
public sealed record RoundingResult(string Rounding, double CleanAccuracy, double AttackSuccess, double Flips, double Seconds);
