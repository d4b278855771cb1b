namespace Efrap.Core.Indicators.Probe;

/// <summary>How much one search does.</summary>
/// <param name="BankSamples">Samples that every trigger of the bank is tried on.</param>
/// <param name="ClimbSamples">Samples that every step of a climb is tried on.</param>
/// <param name="ScoreSamples">The most samples of the other half that the trigger found is scored on.</param>
/// <param name="Starts">Triggers of the bank that climbs begin from.</param>
/// <param name="Rounds">Rounds of steps; half of the climbs end after each third of them.</param>
/// <param name="Steps">Steps that each climb tries in a round, of which the best is taken if it is better.</param>
internal sealed record ProbeEffort(int BankSamples, int ClimbSamples, int ScoreSamples, int Starts, int Rounds, int Steps)
{
    /// <summary>What an audit does.</summary>
    internal static ProbeEffort Default { get; } = new(32, 64, 512, 4, 15, 8);
}
