using Efrap.Core.Quantization;

namespace Efrap.Cli.Terminal;

/// <summary>The table of nodes that stay float.</summary>
internal static class SkippedTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="skipped">The nodes.</param>
    /// <returns>The table, empty when there are none.</returns>
    public static TextTable Of(IReadOnlyList<SkippedNode> skipped) => new(
        ["Left in float", "Operator", "Reason"],
        [.. skipped.Select(s => new[] { Printable.Text(s.Name), Printable.Text(s.Operator), Printable.Text(s.Reason) })]);
}
