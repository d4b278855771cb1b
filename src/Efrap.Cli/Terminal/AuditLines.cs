using System.Globalization;
using Efrap.Core;

namespace Efrap.Cli.Terminal;

/// <summary>An audit's progress as lines: one for each new step or lattice, and one every five seconds in between.</summary>
/// <param name="options">What is run.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Where the lines go.</param>
internal sealed class AuditLines(AuditOptions options, TimeProvider time, TextWriter output) : IProgress<AuditProgress>
{
    private readonly Lock _lock = new();
    private (string Step, string? Lattice)? _shown;
    private long _lastLine;

    /// <inheritdoc/>
    public void Report(AuditProgress value)
    {
        lock (_lock)
        {
            var isNew = _shown != (value.Step, value.Lattice);
            if (!isNew && time.GetElapsedTime(_lastLine) < ProgressLines.Interval)
                return;
            _shown = (value.Step, value.Lattice);
            _lastLine = time.GetTimestamp();
            var where = value.Lattice is null ? string.Empty : $" on {value.Lattice}";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Printable.Text(Path.GetFileName(options.ModelPath))}: {value.Step}{where}, {100 * value.Done:F0} %"));
        }
    }
}
