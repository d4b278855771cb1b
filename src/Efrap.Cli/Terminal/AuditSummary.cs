using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;

namespace Efrap.Cli.Terminal;

/// <summary>What an audit has to say.</summary>
/// <param name="report">The engine's report.</param>
internal sealed class AuditSummary(AuditReport report)
{
    /// <summary>Shows it: a line per indicator and lattice, what to do, and the verdict last.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Table(new TextTable(
            ["Indicator", "Lattice", "Verdict", "Found at", "Figure", "Threshold", "Placebos"],
            [.. report.Indicators.Select(Cells)],
            FirstNumber: 4));
        var advice = report.Indicators.Where(i => i.Verdict is Verdict.Fail or Verdict.Warn).Select(i => i.Advice).Distinct().ToList();
        if (advice.Count > 0)
            printer.Lines([.. advice.Select(Printable.Text)]);
        printer.Lines([Line()]);
    }

    private static string[] Cells(IndicatorResult result) =>
    [
        result.Name,
        result.Lattice,
        Spell(result.Verdict),
        Printable.Text(string.Join("; ", new[] { result.Where, result.Reason }.Where(t => t is not null))),
        Number(result.Statistic),
        Number(result.Threshold),
        result.Placebos.Count == 0 ? string.Empty : $"{Number(result.Placebos.Min())} to {Number(result.Placebos.Max())}",
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
