namespace Efrap.Cli.Terminal;

/// <summary>Shows results in log files and pipes: no escape sequences, no limit of width.</summary>
/// <param name="output">Where they go.</param>
internal sealed class PlainPrinter(TextWriter output) : IPrinter
{
    /// <inheritdoc/>
    public void Facts(IReadOnlyList<(string Name, string Value)> facts) =>
        WriteAligned([.. facts.Select(fact => new[] { fact.Name, fact.Value })], firstNumber: int.MaxValue);

    /// <inheritdoc/>
    public void Table(TextTable table)
    {
        if (table.Rows.Count == 0)
            return;
        output.WriteLine();
        WriteAligned([table.Headings, .. table.Rows], table.FirstNumber);
    }

    /// <inheritdoc/>
    public void Lines(IReadOnlyList<string> lines)
    {
        output.WriteLine();
        foreach (var line in lines)
            output.WriteLine(line);
    }

    private void WriteAligned(IReadOnlyList<IReadOnlyList<string>> rows, int firstNumber)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) =>
                column >= firstNumber ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
