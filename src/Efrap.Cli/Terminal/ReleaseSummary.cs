using Efrap.Core.Evidence;
using Efrap.Core.Release;

namespace Efrap.Cli.Terminal;

/// <summary>What verifying a release has to say.</summary>
/// <param name="report">The engine's report.</param>
internal sealed class ReleaseSummary(ReleaseReport report)
{
    /// <summary>Shows it: a line per model, what was not looked into, problems, notes, and the verdict last.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Table(new TextTable(["Place", "Model", "Action", "Rounding", "Audit", "Result"], [.. report.Models.Select(Cells)]));
        printer.Table(new TextTable(
            ["Not checked", "Reason"], [.. report.NotChecked.Select(f => new[] { Printable.Text(f.Place), Printable.Text(f.Reason) })]));
        printer.Lines(
        [
            .. report.Problems.Select(p => CanonicalLine.Format("error", p.Code, p.Text, p.Place)),
            .. report.NotHere.Select(m => $"note: {Printable.Text(m)} of the manifest is not here."),
            .. report.Notes.Select(note => "note: " + Printable.Text(note)),
            $"manifest: {Printable.Text(report.Manifest.Name)}, {Origin()}, SHA-256 {report.Manifest.Sha256}",
            Line(),
        ]);
    }

    private static string[] Cells(ReleasedModel model) =>
    [
        Printable.Text(model.Place),
        model.Model is null ? "-" : Printable.Text(model.Model),
        Spell(model.Action),
        model.Rounding == ManifestRounding.PaperGram ? "paper-gram" : Spell(model.Rounding),
        model.Audit is { } verdict ? VerdictText.Of(verdict) : "-",
        (model.Passes ? string.Empty : TextTable.Mark) + Result(model.Outcome),
    ];

    private static string Result(ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.AsShipped => "as shipped",
        ReleaseOutcome.Elsewhere => "as shipped, elsewhere",
        ReleaseOutcome.Original => "the original",
        ReleaseOutcome.Exchanged => "another model",
        ReleaseOutcome.Different => "different",
        _ => "not in the manifest",
    };

    private string Origin() => report.Manifest.Origin switch
    {
        ManifestOrigin.Given => "as given",
        ManifestOrigin.Inside => "from the release itself",
        _ => "from beside the assembly",
    };

    private string Line() => report.Verdict switch
    {
        ReleaseVerdict.Pass => $"PASSED: {Count(report.Models.Count, "model")}, all as the build shipped.",
        ReleaseVerdict.Fail => $"FAILED: {Count(report.Problems.Count, "problem")} in {Count(report.Models.Count, "model")}.",
        _ => "NOTHING: there is no ONNX model in it, and the manifest names none.",
    };

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? string.Empty : "s")}";

    private static string Spell<T>(T? value)
        where T : struct, Enum => value?.ToString().ToLowerInvariant() ?? "-";
}
