using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Terminal;

/// <summary>How a hardening run is shown.</summary>
internal interface IHardenView
{
    /// <summary>Shows progress for as long as the engine works.</summary>
    /// <param name="run">What is known of the run; kept up to date here.</param>
    /// <param name="harden">The engine.</param>
    /// <returns>The engine's report.</returns>
    HardenReport Watch(HardenRun run, Func<IProgress<HardenProgress>, HardenReport> harden);

    /// <summary>Shows what was done.</summary>
    /// <param name="summary">What was done.</param>
    void Show(HardenSummary summary);
}
