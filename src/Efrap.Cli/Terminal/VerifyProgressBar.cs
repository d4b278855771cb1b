using Efrap.Core;
using Efrap.Core.Evidence;
using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>A progress bar over the layers of a model that is verified, and before them over those of a replay.</summary>
/// <param name="console">The terminal.</param>
internal sealed class VerifyProgressBar(IAnsiConsole console)
{
    private const int StepWidth = 9;
    private const int CountWidth = 9;

    private readonly Lock _lock = new();
    private VerifyProgress _latest = new("starting", null, 0, 0);

    private VerifyProgress Latest
    {
        get
        {
            lock (_lock)
                return _latest;
        }
    }

    /// <summary>Shows the bar for as long as the engine works; it is gone afterwards.</summary>
    /// <param name="verify">The engine.</param>
    /// <returns>The engine's report.</returns>
    public VerifyReport Start(Func<IProgress<VerifyProgress>, VerifyReport> verify) => LiveBar.Show(
        console,
        new LiveTextColumn(StepWidth, () => Latest.Step),
        [new LiveTextColumn(CountWidth, () => Latest is { LayerCount: > 0 and var count, LayersDone: var done } ? $"{done}/{count}" : string.Empty)],
        () => Latest.Layer ?? string.Empty,
        task => verify(new Bar(this, task)));

    private sealed class Bar(VerifyProgressBar owner, ProgressTask task) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value)
        {
            lock (owner._lock)
            {
                owner._latest = value;
                task.IsIndeterminate = value.LayerCount <= 0;
                task.MaxValue = Math.Max(1, value.LayerCount);
                task.Value = value.LayersDone;
            }
        }
    }
}
