using Efrap.Core;
using Efrap.Core.Evidence;
using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>A progress bar over the layers of a model, with the time left and the layer last finished.</summary>
/// <param name="console">The terminal.</param>
/// <param name="run">Kept up to date here.</param>
internal sealed class LayerProgressBar(IAnsiConsole console, HardenRun run)
{
    private const int StepWidth = 9;
    private const int CountWidth = 9;
    private const int LeftWidth = 17;

    /// <summary>Shows the bar for as long as the engine works; it is gone afterwards.</summary>
    /// <param name="harden">The engine.</param>
    /// <returns>The engine's report.</returns>
    public HardenReport Start(Func<IProgress<HardenProgress>, HardenReport> harden) => LiveBar.Show(
        console,
        new LiveTextColumn(StepWidth, () => run.Latest.Step),
        [
            new LiveTextColumn(CountWidth, Count),
            new LiveTextColumn(LeftWidth, () => run.TimeLeft is { } left ? Durations.Left(left) : string.Empty),
        ],
        () => run.LayerTimes is [.., var last] ? last.Layer : string.Empty,
        task => harden(new Bar(run, task)));

    private string Count() => run.Latest is { LayerCount: > 0 and var count, LayersDone: var done } ? $"{done}/{count}" : string.Empty;

    private sealed class Bar(HardenRun run, ProgressTask task) : IProgress<HardenProgress>
    {
        private readonly Lock _lock = new();

        public void Report(HardenProgress value)
        {
            lock (_lock)
            {
                run.Update(value);
                if (value.LayerCount <= 0)
                    return;
                task.IsIndeterminate = false;
                task.MaxValue = value.LayerCount;
                task.Value = value.LayersDone;
            }
        }
    }
}
