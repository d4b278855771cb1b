using Efrap.Core;
using Efrap.Core.Evidence;
using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>A progress bar that leaves, then tables as wide as the terminal allows.</summary>
/// <param name="console">The terminal.</param>
/// <param name="error">Where warnings go.</param>
internal sealed class TerminalHardenView(IAnsiConsole console, TextWriter error) : IHardenView
{
    /// <inheritdoc/>
    public HardenReport Watch(HardenRun run, Func<IProgress<HardenProgress>, HardenReport> harden) =>
        new LayerProgressBar(console, run).Start(harden);

    /// <inheritdoc/>
    public void Show(HardenSummary summary)
    {
        WriteTable(HardenSummary.LayerHeadings, summary.Layers, firstNumber: 2);
        if (summary.Skipped.Count > 0)
            WriteTable(HardenSummary.SkippedHeadings, summary.Skipped, firstNumber: int.MaxValue);
        foreach (var note in summary.Notes)
            console.WriteLine(note);
        foreach (var warning in summary.Warnings)
            error.WriteLine(warning);
        console.WriteLine(summary.Line);
    }

    private void WriteTable(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, int firstNumber)
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (var i = 0; i < headings.Count; i++)
        {
            var column = new TableColumn(new Text(headings[i], new Style(decoration: Decoration.Bold)));
            if (i >= firstNumber)
                column.RightAligned();
            if (i >= firstNumber || headings[i] == "Operator")
                column.NoWrap();
            table.AddColumn(column);
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell, StyleOf(cell))));
        console.Write(table);
    }

    private static Style StyleOf(string cell) =>
        cell.StartsWith(HardenSummary.MissedMark, StringComparison.Ordinal) ? new Style(Color.Yellow) : Style.Plain;
}
