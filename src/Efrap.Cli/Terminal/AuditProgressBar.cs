using System.Globalization;
using Efrap.Core;
using Efrap.Core.Evidence;
using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>A progress bar over an audit, with its step and the lattice that is looked at.</summary>
/// <param name="console">The terminal.</param>
internal sealed class AuditProgressBar(IAnsiConsole console)
{
    private const int StepWidth = 17;
    private const int ShareWidth = 5;

    private volatile AuditProgress _latest = new("starting", null, 0);

    /// <summary>Shows the bar for as long as the engine works; it is gone afterwards.</summary>
    /// <param name="audit">The engine.</param>
    /// <returns>The engine's report.</returns>
    public AuditReport Start(Func<IProgress<AuditProgress>, AuditReport> audit) => LiveBar.Show(
        console,
        new LiveTextColumn(StepWidth, () => _latest.Step),
        [new LiveTextColumn(ShareWidth, Share)],
        () => _latest.Lattice ?? string.Empty,
        task => audit(new Bar(this, task)));

    private string Share() =>
        _latest.Lattice is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{100 * _latest.Done:F0} %");

    private sealed class Bar(AuditProgressBar owner, ProgressTask task) : IProgress<AuditProgress>
    {
        private readonly Lock _lock = new();

        public void Report(AuditProgress value)
        {
            lock (_lock)
            {
                owner._latest = value;
                if (value.Lattice is null)
                    return;
                task.IsIndeterminate = false;
                task.MaxValue = 1;
                task.Value = value.Done;
            }
        }
    }
}
