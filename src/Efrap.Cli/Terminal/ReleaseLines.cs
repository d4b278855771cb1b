using System.Globalization;
using Efrap.Core;

namespace Efrap.Cli.Terminal;

/// <summary>The progress of verifying a release as lines: one at the beginning, and then one every five seconds.</summary>
/// <param name="options">What is run.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Where the lines go.</param>
internal sealed class ReleaseLines(VerifyReleaseOptions options, TimeProvider time, TextWriter output) : IProgress<ReleaseProgress>
{
    private readonly Lock _lock = new();
    private long? _lastLine;

    /// <inheritdoc/>
    public void Report(ReleaseProgress value)
    {
        lock (_lock)
        {
            if (_lastLine is { } last && time.GetElapsedTime(last) < ProgressLines.Interval)
                return;
            _lastLine = time.GetTimestamp();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Printable.Text(Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Path)))}: {value.FilesDone} of {value.FileCount} files, {Printable.Text(value.File)}"));
        }
    }
}
