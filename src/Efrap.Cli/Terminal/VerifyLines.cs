using Efrap.Core;

namespace Efrap.Cli.Terminal;

/// <summary>A verification's progress as lines: one for each step, and between the layers one every five seconds.</summary>
/// <param name="options">What is run.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Where the lines go.</param>
internal sealed class VerifyLines(VerifyOptions options, TimeProvider time, TextWriter output) : IProgress<VerifyProgress>
{
    private readonly Lock _lock = new();
    private long _lastLine;

    /// <inheritdoc/>
    public void Report(VerifyProgress value)
    {
        lock (_lock)
        {
            if (value.Layer is not null && time.GetElapsedTime(_lastLine) < ProgressLines.Interval)
                return;
            _lastLine = time.GetTimestamp();
            var what = value.Layer is null ? value.Step : $"{value.LayersDone} of {value.LayerCount} layers";
            output.WriteLine($"{Printable.Text(Path.GetFileName(options.ModelPath))}: {what}");
        }
    }
}
