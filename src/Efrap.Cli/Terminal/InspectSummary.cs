using System.Globalization;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Terminal;

/// <summary>What an inspection has to say.</summary>
/// <param name="report">The engine's report.</param>
internal sealed class InspectSummary(InspectReport report)
{
    /// <summary>Shows it: facts, layers, nodes that would stay float, and what can be done in one line.</summary>
    /// <param name="printer">Shows results.</param>
    public void Print(IPrinter printer)
    {
        printer.Facts([.. Facts().Select(fact => (fact.Name, Printable.Text(fact.Value)))]);
        printer.Table(new TextTable(
            ["Layer", "Operator", "Channels", "K", "Groups"],
            [.. report.Layers.Select(Cells)],
            FirstNumber: 2));
        // What a quantized model leaves in float is not known from the planning of another quantization.
        if (!report.Quantized)
            printer.Table(SkippedTable.Of(report.Skipped));
        printer.Lines([Line()]);
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        yield return ("Model", report.Model);
        yield return ("SHA-256", report.Sha256);
        yield return ("Size", $"{Number(report.Bytes)} bytes, {Number(report.Parameters)} parameters");
        yield return ("Format", $"IR {report.IrVersion}, {string.Join(", ", report.OperatorSets.Select(o => $"{o.Key} {o.Value}"))}");
        if (report.Producer.Length > 0)
            yield return ("Producer", report.Producer);
        foreach (var input in report.Inputs)
            yield return ("Input", $"{input.Name}: {input.Type}");
        foreach (var output in report.Outputs)
            yield return ("Output", $"{output.Name}: {output.Type}");
        var operators = report.Operators.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal);
        yield return ("Operators", string.Join(", ", operators.Select(o => $"{o.Value} {o.Key}")));
        if (report.FoldedNormalizations > 0)
            yield return ("Folding", $"{Number(report.FoldedNormalizations)} BatchNormalization into the layers before them");
        yield return ("Quantized", report.Quantized ? "yes" : "no");
    }

    private string Line() => report switch
    {
        { Quantized: true } => "This model is quantized already; harden its full-precision original.",
        { Layers.Count: 0 } => "Nothing in this model can be quantized.",
        _ => $"Hardening would quantize {Count(report.Layers.Count, "layer")} and leave {Count(report.Skipped.Count, "node")} with weights in float.",
    };

    private static string[] Cells(LayerDescription layer) =>
    [
        Printable.Text(layer.Name), Printable.Text(layer.Operator), Number(layer.Rows), Number(layer.Columns), Number(layer.Groups),
    ];

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
