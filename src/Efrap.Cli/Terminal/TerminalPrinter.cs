using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>Shows results as wide as the terminal allows.</summary>
/// <param name="console">The terminal.</param>
internal sealed class TerminalPrinter(IAnsiConsole console) : IPrinter
{
    private static readonly Style Bold = new(decoration: Decoration.Bold);

    /// <inheritdoc/>
    public void Facts(IReadOnlyList<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in facts)
            grid.AddRow(new Text(name, Bold), new Text(value));
        console.Write(grid);
    }

    /// <inheritdoc/>
    public void Table(TextTable table)
    {
        if (table.Rows.Count == 0)
            return;
        var shown = new Table { Border = TableBorder.Rounded };
        for (var i = 0; i < table.Headings.Count; i++)
            shown.AddColumn(Column(table, i));
        foreach (var row in table.Rows)
            shown.AddRow(row.Select(cell => new Text(cell, StyleOf(cell))));
        console.Write(shown);
    }

    /// <inheritdoc/>
    public void Lines(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
            console.WriteLine(line);
    }

    // Names and reasons give way when the terminal is narrow; operators and numbers are short and stay whole.
    private static TableColumn Column(TextTable table, int index)
    {
        var column = new TableColumn(new Text(table.Headings[index], Bold));
        if (index >= table.FirstNumber)
            column.RightAligned();
        if (index >= table.FirstNumber || table.Headings[index] == "Operator")
            column.NoWrap();
        return column;
    }

    private static Style StyleOf(string cell) =>
        cell.StartsWith(TextTable.Mark, StringComparison.Ordinal) ? new Style(Color.Yellow) : Style.Plain;
}
