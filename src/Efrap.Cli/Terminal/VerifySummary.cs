using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Verification;

namespace Efrap.Cli.Terminal;

/// <summary>What a verification has to say.</summary>
/// <param name="report">The engine's report.</param>
internal sealed class VerifySummary(VerifyReport report)
{
    /// <summary>Shows it: a line per weight, what tells its rounding, what could not be verified, and the verdict last.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Table(new TextTable(
            ["Layer", "Stored", "Rounding", "Bits", "Scales", "At edges %", "Flips %", "Off lattice", "A ratio"],
            [.. report.Tensors.Select(Cells)],
            FirstNumber: 3));
        printer.Table(new TextTable(
            ["Not verified", "Operator", "Reason"],
            [.. report.Unverified.Select(s => new[] { Printable.Text(s.Name), Printable.Text(s.Operator), Printable.Text(s.Reason) })]));
        var evidence = report.Tensors
            .Where(t => t.Rounding != RoundingKind.Unknown)
            .GroupBy(t => (t.Rounding, Text: t.Evidence))
            .Select(g => Printable.Text($"{Spell(g.Key.Rounding)}: {string.Join(", ", g.Select(t => $"`{t.Name}`"))}: {g.Key.Text}"));
        printer.Lines([.. evidence, .. Attestation(), .. report.Notes.Select(note => "note: " + Printable.Text(note)), Line() + Allowance()]);
    }

    private string[] Cells(VerifiedTensor tensor) =>
    [
        Printable.Text(tensor.Layer),
        tensor.Form,
        (tensor.Rounding > RoundingKind.Unknown ? TextTable.Mark : string.Empty) + Spell(tensor.Rounding),
        tensor.Bits.ToString(CultureInfo.InvariantCulture),
        tensor.Scales.ToString(CultureInfo.InvariantCulture),
        Fixed(100 * tensor.AtEdges, "F1"),
        Fixed(100 * tensor.Integers?.NotNearest, "F1"),
        tensor.Integers?.OffLattice.ToString(CultureInfo.InvariantCulture) ?? "-",
        Fixed(tensor.Activations?.Ratio, "F3"),
    ];

    private IEnumerable<string> Attestation()
    {
        if (report.Attestation is not { } attestation)
            yield break;
        yield return $"attestation: `{Printable.Text(attestation.File)}` speaks of the files that were given (solver {Printable.Text(attestation.Solver)}, "
            + string.Create(CultureInfo.InvariantCulture, $"budget {report.Budget}).");
        if (attestation.ReplayedSha256 is { } replayed)
        {
            var different = report.Tensors.Sum(t => t.Replayed?.Different ?? 0);
            yield return replayed == report.ModelSha256 ? "replayed: hardening again gives this very file."
                : $"replayed: hardening again gives another file; {different} integers differ.";
        }
    }

    private string Allowance() => report is { Accepted: true, Verdict: not RoundingKind.Efrap } ? " The policy allows it." : string.Empty;

    private string Line() => report.Verdict switch
    {
        RoundingKind.Efrap when report is { SourceSha256: null } => "EFRAP: attested, and not held against the source.",
        RoundingKind.Efrap => "EFRAP: every quantized weight has EFRAP rounding.",
        RoundingKind.Nearest => "NEAREST: this file has nearest rounding, which wakes up a quantization-conditioned backdoor; harden it (efrap harden --source).",
        RoundingKind.OtherKnown => "OTHER: this file has a rounding that is known, but is not EFRAP rounding.",
        RoundingKind.Unexplained => "UNEXPLAINED: no known rounding of the source gives these integers: " + Names(RoundingKind.Unexplained) + ".",
        _ => "UNKNOWN: what rounding is in this file cannot be told from what was given.",
    };

    private string Names(RoundingKind kind) =>
        string.Join(", ", report.Tensors.Where(t => t.Rounding == kind).Select(t => $"`{Printable.Text(t.Name)}`"));

    /// <summary>The word for a rounding.</summary>
    /// <param name="kind">The rounding.</param>
    public static string Spell(RoundingKind kind) => kind switch
    {
        RoundingKind.Efrap => "efrap",
        RoundingKind.Unknown => "unknown",
        RoundingKind.OtherKnown => "other known",
        RoundingKind.Nearest => "nearest",
        _ => "unexplained",
    };

    private static string Fixed(double? value, string format) =>
        value is { } known && double.IsFinite(known) ? known.ToString(format, CultureInfo.InvariantCulture) : "-";
}
