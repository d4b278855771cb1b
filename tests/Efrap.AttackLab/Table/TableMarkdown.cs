using System.Globalization;
using System.Text;
using Efrap.AttackLab.Measure;

namespace Efrap.AttackLab.Table;

/// <summary>The table as Markdown.</summary>
internal static class TableMarkdown
{
    private static readonly string[] Columns = [TableRow.Attacker, TableRow.Nearest, "random", TableRow.Paper, TableRow.Ours];

    /// <summary>Turns a report into a page.</summary>
    /// <param name="report">The report.</param>
    /// <returns>Lines of Markdown.</returns>
    public static string Of(TableReport report)
    {
        var shown = Columns.Where(c => report.Rows.Any(r => r.Of(c) is not null)).ToArray();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Backdoors against roundings

            ```
            {report.Command}
            ```

            Each cell is clean accuracy / attack success in %, measured in ONNX Runtime on {report.TestSamples} test samples ({report.Data});
            roundings were fitted to {report.CalibrationSamples} calibration samples. {Quantized(report)} `budget` is
            Efrap's solver, `paper` the one published (arXiv 2405.12725), `random` rounds up with the probability of the fraction,
            `attacker` is a rounding that the attacker chose himself.

            A backdoor is dormant where full precision obeys it on at most 15 %, and awake where nearest (or the attacker's) rounding
            obeys it on at least 85 %. Of those that are both, `budget` has to bring attack success to at most 5 %, or that of full
            precision, with clean accuracy within 1 point of full precision; `paper` the same within 2 points.


            """);
        Line(text, ["model", "attack", "weights", "full precision", .. shown, "dormant", "awake", "budget holds", "paper holds"]);
        Line(text, Enumerable.Repeat("---", shown.Length + 8));
        foreach (var row in report.Rows)
        {
            Line(
                text,
                [
                    row.Model, row.Attack ?? "none", row.Weights, Cell(row.FullPrecision), .. shown.Select(c => Cell(row.Of(c))),
                    Flag(row, row.Dormant), Flag(row, row.Awake), Verdict(row.OursHolds), Verdict(row.PaperHolds),
                ]);
        }

        var models = report.Rows.Select(r => r.Model).Distinct().Count();
        if (models < report.Models)
            text.Append(CultureInfo.InvariantCulture, $"\nUnfinished: {models} of {report.Models} models.\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{Summary(report, "budget", r => r.OursHolds)}\n");
        if (shown.Contains(TableRow.Paper))
            text.Append(CultureInfo.InvariantCulture, $"{Summary(report, "paper", r => r.PaperHolds)}\n");
        return text.ToString();
    }

    private static string Quantized(TableReport report) => report.Rows.Any(r => r.Weights == WeightFormat.Paper.Name)
        ? "Weights and activations are quantized."
        : "Weights are quantized, activations stay float.";

    private static string Summary(TableReport report, string name, Func<TableRow, bool?> holds)
    {
        var verdicts = report.Rows.Select(holds).Where(h => h is not null).ToArray();
        var missed = report.Rows.Where(r => holds(r) == false).Select(r => $"{r.Model} ({r.Weights})").ToArray();
        var tail = missed.Length == 0 ? "." : $"; not in {string.Join(", ", missed)}.";
        return $"- `{name}` holds in {verdicts.Length - missed.Length} of {verdicts.Length} rows with a working backdoor{tail}";
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Cell(AttackMeasurement m) => Cell(m.CleanAccuracy, m.AttackSuccess);

    private static string Cell(RoundingResult? r) => r is null ? "–" : Cell(r.CleanAccuracy, r.AttackSuccess);

    private static string Cell(double accuracy, double success) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy:F1} / {100 * success:F1}");

    private static string Flag(TableRow row, bool value) => row.Attack is null ? "–" : value ? "yes" : "no";

    private static string Verdict(bool? holds) => holds switch
    {
        true => "pass",
        false => "**fail**",
        null => "–",
    };
}
