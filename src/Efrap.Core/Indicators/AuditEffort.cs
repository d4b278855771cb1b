using Efrap.Core.Indicators.Probe;

namespace Efrap.Core.Indicators;

/// <summary>How much an audit does.</summary>
/// <param name="Placebos">R, the number of placebo-rounded models that a figure is compared with.</param>
/// <param name="Seed">Decides the placebos.</param>
/// <param name="Threads">How many models run at once; results do not depend on it.</param>
/// <param name="ProbeTime">What the trigger probe may take over all lattices.</param>
internal sealed record AuditEffort(int Placebos, int Seed, int Threads, TimeSpan ProbeTime)
{
    /// <summary>What an audit does where nothing else is asked for.</summary>
    internal static AuditEffort Default { get; } = new(19, 1, Environment.ProcessorCount, TimeSpan.FromSeconds(60));

    /// <summary>How much each search of the trigger probe does.</summary>
    internal ProbeEffort Probe { get; init; } = ProbeEffort.Default;

    /// <summary>Options for work on that many threads.</summary>
    internal ParallelOptions Parallel(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
}
