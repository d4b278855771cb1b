namespace Efrap.Cli.Terminal;

/// <summary>A table of text.</summary>
/// <param name="Headings">The columns' headings.</param>
/// <param name="Rows">The rows, each with a cell for every heading.</param>
/// <param name="FirstNumber">The index of the first column of numbers; all after it are, too.</param>
internal sealed record TextTable(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows, int FirstNumber = int.MaxValue)
{
    /// <summary>Stands before a cell that needs attention: a character, so that it is seen without colours as well.</summary>
    public const string Mark = "! ";
}
