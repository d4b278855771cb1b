namespace Efrap.Core.Indicators;

/// <summary>How messages speak of a rounding.</summary>
/// <param name="Subject">Who rounds.</param>
/// <param name="Rounded">How it is rounded.</param>
/// <param name="Kind">The model that it makes, in one word.</param>
/// <param name="Ban">What not to do where it is suspicious, as the beginning of a sentence.</param>
/// <param name="Remedy">What to do instead, after a colon.</param>
/// <param name="Residual">What not to do where weights lie at its edges, as a sentence.</param>
/// <param name="Cure">What to do instead, and what to ask, as a sentence.</param>
internal sealed record RoundingText(string Subject, string Rounded, string Kind, string Ban, string Remedy, string Residual, string Cure)
{
    /// <summary>Rounding that a quantizer would do.</summary>
    internal static RoundingText Nearest { get; } = new(
        "Nearest rounding",
        "rounded to nearest",
        "nearest-rounded",
        "Do not quantize this model by nearest rounding",
        "do not round this model to nearest; harden it",
        "Do not round this model to nearest: its weights lie where rounding changes most.",
        "Harden it, and ask where it comes from.");

    /// <summary>Rounding that somebody has done.</summary>
    internal static RoundingText AsQuantized { get; } = new(
        "The rounding of this file",
        "as quantized",
        "present",
        "Do not ship these integers",
        "do not ship these integers; harden the full-precision model instead",
        "Do not ship these integers: they round weights to nearest that lie where rounding changes most.",
        "Harden the full-precision model instead, and ask where they come from.");
}
