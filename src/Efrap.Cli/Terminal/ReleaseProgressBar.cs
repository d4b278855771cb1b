using System.Globalization;
using Efrap.Core;
using Efrap.Core.Evidence;
using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>A progress bar over the files of a release.</summary>
/// <param name="console">The terminal.</param>
internal sealed class ReleaseProgressBar(IAnsiConsole console)
{
    private const int CountWidth = 17;

    private readonly Lock _lock = new();

    private ReleaseProgress _latest = new(string.Empty, 0, 0);

    /// <summary>Shows the bar for as long as the engine works; it is gone afterwards.</summary>
    /// <param name="verify">The engine.</param>
    /// <returns>The engine's report.</returns>
    public ReleaseReport Start(Func<IProgress<ReleaseProgress>, ReleaseReport> verify) => LiveBar.Show(
        console,
        new LiveTextColumn(CountWidth, () => string.Create(CultureInfo.InvariantCulture, $"{Latest.FilesDone} of {Latest.FileCount} files")),
        [],
        () => Latest.File,
        task => verify(new Bar(this, task)));

    private ReleaseProgress Latest
    {
        get
        {
            lock (_lock)
                return _latest;
        }

        set
        {
            lock (_lock)
                _latest = value;
        }
    }

    private sealed class Bar(ReleaseProgressBar owner, ProgressTask task) : IProgress<ReleaseProgress>
    {
        public void Report(ReleaseProgress value)
        {
            owner.Latest = value;
            task.IsIndeterminate = false;
            task.MaxValue = value.FileCount;
            task.Value = value.FilesDone;
        }
    }
}
