namespace Efrap.Core.Verification;

/// <summary>What rounding integers show, the best first: a file is as good as the worst of its weights.</summary>
public enum RoundingKind
{
    /// <summary>EFRAP rounding: floor or ceiling everywhere, within the activation budget, with error-guided flips.</summary>
    Efrap,

    /// <summary>It cannot be told from what was given.</summary>
    Unknown,

    /// <summary>Another rounding that is known: stochastic, or one that only preserves activations, as AdaRound and GPTQ do.</summary>
    OtherKnown,

    /// <summary>Nearest rounding, which wakes up a quantization-conditioned backdoor.</summary>
    Nearest,

    /// <summary>No rounding that is known: integers off the lattice, scales that are not the source's, or flips that serve no purpose.</summary>
    Unexplained,
}
