using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Cli.Terminal;

/// <summary>What an audit has to say.</summary>
/// <param name="report">The engine's report.</param>
/// <param name="model">The model as the user named it.</param>
internal sealed class AuditSummary(AuditReport report, string model)
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>Shows it: a line per indicator and lattice, what could not be measured, what was found and what to do, where the time
    /// went, and the verdict last.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Table(new TextTable(
            ["Indicator", "Lattice", "Verdict", "Figure", "Threshold", "Placebos", "p"],
            [.. report.Indicators.Select(Cells)],
            FirstNumber: 3));
        Lines(printer, report.Indicators
            .Where(i => i.Verdict == Verdict.NotMeasured)
            .GroupBy(i => i.Reason)
            .Select(g => Printable.Text($"not measured: {Join(g.Select(i => i.Name))} on {Join(g.Select(i => i.Lattice))}: {g.Key}")));
        Lines(printer, report.Findings.Select(f =>
            CanonicalLine.Format(f.Consequence == Consequence.Fail ? "error" : "warning", f.Code, f.Text, model)));
        Lines(printer, Policy());
        var timings = report.Timings.Where(t => t.Time >= _shortest).ToList();
        Lines(printer, timings.Count == 0 ? [] : [$"Time: {string.Join(", ", timings.Select(t => $"{t.Step} {Durations.Total(t.Time)}"))}."]);
        printer.Lines([Line()]);
    }

    private static void Lines(IPrinter printer, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
            printer.Lines(all);
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names.Distinct());

    private IReadOnlyList<string> Policy() => report.Policy.File is { } file
        ? [Printable.Text($"Policy: {file}, effective {report.Policy.Sha256[..12]}.")]
        : [];

    private static string[] Cells(IndicatorResult result) =>
    [
        result.Name,
        result.Lattice,
        result.Waiver is { IsExpired: false } ? "waived" : VerdictText.Of(result.Verdict),
        Number(result.Statistic),
        Number(result.Threshold),
        result.Placebos.Count == 0 ? string.Empty : $"{Number(result.Placebos.Min())} to {Number(result.Placebos.Max())}",
        result.PValue?.ToString("F2", CultureInfo.InvariantCulture) ?? string.Empty,
    ];

    private string Line() => AuditOutcomes.Of(report) switch
    {
        AuditOutcome.Marked when report.Source is not null =>
            "FAIL: this model, or the one that it was made from, shows the mark of a quantization-conditioned backdoor.",
        AuditOutcome.Marked => "FAIL: this model shows the mark of a quantization-conditioned backdoor.",
        AuditOutcome.PolicyUnmet => "FAIL: the policy asks for more than could be measured.",
        AuditOutcome.Waived => "WARN: this model failed, and a waiver accepts that for a time.",
        AuditOutcome.Suspicious => "WARN: something is suspicious, but not enough alone to call it a backdoor.",
        AuditOutcome.Incomplete => "WARN: no sign of a quantization-conditioned backdoor, but not all could be measured.",
        AuditOutcome.Clean => "PASS: no sign of a quantization-conditioned backdoor in what was measured.",
        _ => "NOT MEASURED: no indicator could be measured on this model.",
    };

    private static string Number(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? string.Empty;
}
