using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;

namespace Efrap.Cli.Terminal;

/// <summary>What an audit has to say.</summary>
/// <param name="report">The engine's report.</param>
internal sealed class AuditSummary(AuditReport report)
{
    /// <summary>Shows it: a line per indicator and lattice, what was found and where, what to do, where the time went, and the
    /// verdict last.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Table(new TextTable(
            ["Indicator", "Lattice", "Verdict", "Figure", "Threshold", "Placebos", "p"],
            [.. report.Indicators.Select(Cells)],
            FirstNumber: 3));
        Lines(printer, report.Indicators
            .Where(i => i.Verdict != Verdict.Pass)
            .GroupBy(i => (i.Name, i.Verdict, i.Where, i.Reason))
            .Select(g => $"{g.Key.Name} on {string.Join(", ", g.Select(i => i.Lattice))}: {Found(g.First())}"));
        Lines(printer, report.Indicators.Where(i => i.Verdict is Verdict.Fail or Verdict.Warn).Select(i => Printable.Text(i.Advice)).Distinct());
        Lines(printer, report.Timings.Count == 0
            ? []
            : [$"Time: {string.Join(", ", report.Timings.Select(t => $"{t.Step} {Durations.Total(t.Time)}"))}."]);
        printer.Lines([Line()]);
    }

    private static void Lines(IPrinter printer, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
            printer.Lines(all);
    }

    private static string Found(IndicatorResult result) =>
        Printable.Text($"{Spell(result.Verdict)}, {string.Join("; ", new[] { result.Where, result.Reason }.Where(t => t is not null))}".TrimEnd(',', ' '));

    private static string[] Cells(IndicatorResult result) =>
    [
        result.Name,
        result.Lattice,
        Spell(result.Verdict),
        Number(result.Statistic),
        Number(result.Threshold),
        result.Placebos.Count == 0 ? string.Empty : $"{Number(result.Placebos.Min())} to {Number(result.Placebos.Max())}",
        result.PValue?.ToString("F2", CultureInfo.InvariantCulture) ?? string.Empty,
    ];

    private string Line() => report.Verdict switch
    {
        Verdict.Fail => "FAIL: this model shows the mark of a quantization-conditioned backdoor.",
        Verdict.Warn => "WARN: something is suspicious, but not enough alone to call it a backdoor.",
        Verdict.Pass => "PASS: no sign of a quantization-conditioned backdoor in what was measured.",
        _ => "NOT MEASURED: no indicator could be measured on this model.",
    };

    private static string Spell(Verdict verdict) => verdict == Verdict.NotMeasured ? "not measured" : verdict.ToString().ToLowerInvariant();

    private static string Number(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? string.Empty;
}
