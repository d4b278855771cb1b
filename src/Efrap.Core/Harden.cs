using Efrap.Core.Evidence;

namespace Efrap.Core;

/// <summary>Hardens a model: quantizes it with EFRAP rounding in place of nearest rounding.</summary>
public static class Harden
{
    /// <summary>Runs the verb. The output and the report are written completely or not at all.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step, or null.</param>
    /// <param name="cancellationToken">Cancels at the next batch of samples.</param>
    /// <returns>The report, also when no file of it was asked for.</returns>
    /// <exception cref="EfrapException">Bad input or a bad environment.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static HardenReport Run(
        HardenOptions options, IProgress<HardenProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
