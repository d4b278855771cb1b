using System.Globalization;
using Efrap.Core;

namespace Efrap.Cli.Terminal;

/// <summary>Progress as lines: one for each new step, and between the layers one every five seconds.</summary>
/// <param name="run">Kept up to date here.</param>
/// <param name="output">Where the lines go.</param>
internal sealed class ProgressLines(HardenRun run, TextWriter output) : IProgress<HardenProgress>
{
    /// <summary>The least time between two lines about layers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private string? _step;
    private TimeSpan _lastLine;

    /// <inheritdoc/>
    public void Report(HardenProgress value)
    {
        lock (_lock)
        {
            run.Update(value);
            var now = run.Elapsed;
            if (value.Layer is not null)
            {
                if (now - _lastLine < Interval)
                    return;
            }
            else if (value.Step == _step)
            {
                return;
            }

            _step = value.Step;
            _lastLine = now;
            output.WriteLine($"{Printable.Text(Path.GetFileName(run.Options.ModelPath))}: {Text(value)}");
        }
    }

    private string Text(HardenProgress value)
    {
        if (value.Layer is null)
            return value.Step;
        var left = run.TimeLeft is { } time ? ", " + Durations.Left(time) : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{value.LayersDone} of {value.LayerCount} layers{left}");
    }
}
