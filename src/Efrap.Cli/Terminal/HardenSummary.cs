using System.Globalization;
using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Terminal;

/// <summary>What a finished run has to say.</summary>
/// <param name="report">The engine's report.</param>
/// <param name="run">The run.</param>
internal sealed class HardenSummary(HardenReport report, HardenRun run)
{
    private static readonly string[] FoundColumns = ["Nearest before %", "Off lattice"];

    private bool IsRoundedAnew => report.Source is not null;

    /// <summary>Shows it: layers, nodes left in float, notes, and the run in one line.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Table(Layers());
        printer.Table(SkippedTable.Of(report.Skipped, IsRoundedAnew));
        var notes = report.Notes.Select(note => "note: " + Printable.Text(note));
        if (BudgetNote.Of(report) is { } missed)
            notes = notes.Append($"note {EfrapException.Format(EfrapCode.BudgetMissed)}: {Printable.Text(missed)}");
        printer.Lines([.. notes, Line()]);
    }

    private TextTable Layers()
    {
        var times = run.LayerTimes;
        var rows = report.Layers.Select((layer, i) =>
            Cells(layer, i < times.Count && times[i].Layer == layer.Name ? times[i].Time : null));
        return new TextTable(
            ["Layer", "Operator", "K", .. IsRoundedAnew ? FoundColumns : [], "Flips %", "A ratio", "Seconds"], [.. rows], FirstNumber: 2);
    }

    private string Line()
    {
        var weights = report.Layers.Sum(l => (double)l.Rows * l.Columns);
        var flips = weights > 0 ? report.Layers.Sum(l => l.Flips * l.Rows * l.Columns) / weights : 0;
        var written = run.Options.ReportPath is { } path ? $", report {Printable.Text(path)}" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {Printable.Text(run.Options.OutputPath)}: {Count(report.Layers.Count, "layer")} {Kind()}, {flips * 100:F1} % of weights flipped, "
            + $"{Count(report.Samples, "sample")}, {Durations.Total(run.Elapsed)}{written}");
    }

    private string Kind() => IsRoundedAnew
        ? $"of the quantized model rounded anew beside {Printable.Text(report.Source!)}, {report.Skipped.Count} left as they were"
        : $"in {report.Precision}, {report.Skipped.Count} left in float";

    private string[] Cells(LayerReport layer, TimeSpan? time) =>
    [
        Printable.Text(layer.Name),
        Printable.Text(layer.Operator),
        layer.Columns.ToString(CultureInfo.InvariantCulture),
        .. layer.Found is { } found ? [Fixed(found.Nearest * 100, "F1"), found.OffLattice.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        Fixed(layer.Flips * 100, "F1"),
        (BudgetNote.IsMissed(report, layer) ? TextTable.Mark : string.Empty) + Fixed(layer.Ratio, "F3"),
        time is { } known ? Durations.Seconds(known) : "-",
    ];

    private static string Fixed(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "n/a";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
