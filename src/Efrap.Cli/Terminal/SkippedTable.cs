using Efrap.Core.Quantization;

namespace Efrap.Cli.Terminal;

/// <summary>The table of nodes that stay float, or of those of a quantized model whose integers stay.</summary>
internal static class SkippedTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="skipped">The nodes.</param>
    /// <param name="quantized">Whether the model was quantized before.</param>
    /// <returns>The table, empty when there are none.</returns>
    public static TextTable Of(IReadOnlyList<SkippedNode> skipped, bool quantized = false) => new(
        [quantized ? "Left as it was" : "Left in float", "Operator", "Reason"],
        [.. skipped.Select(s => new[] { Printable.Text(s.Name), Printable.Text(s.Operator), Printable.Text(s.Reason) })]);
}
