namespace Efrap.Core.Rounding;

/// <summary>How each weight chooses between the two integers around it.</summary>
public enum Solver
{
    /// <summary>EFRAP rounding: flips as much truncation error as the activation budget allows.</summary>
    Budget,

    /// <summary>Nearest rounding, ties to even: what every other quantizer does, for comparison.</summary>
    Nearest,
}
