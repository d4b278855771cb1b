namespace Efrap.Core.Indicators;

/// <summary>What an indicator says about a model.</summary>
public enum Verdict
{
    /// <summary>Nothing suspicious.</summary>
    Pass,

    /// <summary>Suspicious, but not enough alone.</summary>
    Warn,

    /// <summary>The mark of a quantization-conditioned backdoor.</summary>
    Fail,

    /// <summary>Not measured; the reason says why.</summary>
    NotMeasured,
}
