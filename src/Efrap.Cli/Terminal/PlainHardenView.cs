using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Terminal;

/// <summary>Lines for log files and pipes: no escape sequences, no limit of width, no more than one line of progress every few seconds.</summary>
/// <param name="output">Where results go.</param>
/// <param name="error">Where warnings go.</param>
internal sealed class PlainHardenView(TextWriter output, TextWriter error) : IHardenView
{
    /// <inheritdoc/>
    public HardenReport Watch(HardenRun run, Func<IProgress<HardenProgress>, HardenReport> harden) =>
        harden(new ProgressLines(run, output));

    /// <inheritdoc/>
    public void Show(HardenSummary summary)
    {
        WriteTable(HardenSummary.LayerHeadings, summary.Layers, firstNumber: 2);
        if (summary.Skipped.Count > 0)
            WriteTable(HardenSummary.SkippedHeadings, summary.Skipped, firstNumber: int.MaxValue);
        output.WriteLine();
        foreach (var note in summary.Notes)
            output.WriteLine(note);
        foreach (var warning in summary.Warnings)
            error.WriteLine(warning);
        output.WriteLine(summary.Line);
    }

    private void WriteTable(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, int firstNumber)
    {
        output.WriteLine();
        var all = rows.Prepend(headings).ToList();
        var widths = headings.Select((_, column) => all.Max(row => row[column].Length)).ToList();
        foreach (var row in all)
        {
            var cells = row.Select((cell, column) =>
                column >= firstNumber ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
