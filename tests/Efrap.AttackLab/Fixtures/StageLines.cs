using System.Diagnostics;
using Efrap.AttackLab.Training;

namespace Efrap.AttackLab.Fixtures;

/// <summary>Writes a line for each epoch.</summary>
/// <param name="output">Where to.</param>
internal sealed class StageLines(TextWriter output) : IProgress<StageResult>
{
    private readonly Stopwatch _time = Stopwatch.StartNew();

    /// <inheritdoc/>
    public void Report(StageResult value) => output.WriteLine(
        $"  {value.Stage} {value.Epoch}/{value.Epochs}: loss {value.Loss:F3}, {_time.Elapsed.TotalSeconds:F0} s");
}
