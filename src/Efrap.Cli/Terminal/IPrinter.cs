using Spectre.Console;

namespace Efrap.Cli.Terminal;

/// <summary>Shows results.</summary>
internal interface IPrinter
{
    /// <summary>Shows names and their values.</summary>
    /// <param name="facts">The names and values.</param>
    void Facts(IReadOnlyList<(string Name, string Value)> facts);

    /// <summary>Shows a table, unless it has no rows.</summary>
    /// <param name="table">The table.</param>
    void Table(TextTable table);

    /// <summary>Shows lines, each by itself.</summary>
    /// <param name="lines">The lines.</param>
    void Lines(IReadOnlyList<string> lines);

    /// <summary>The printer that suits the host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="terminal">The host's terminal, if it has one.</param>
    /// <returns>The printer.</returns>
    static IPrinter For(Host host, IAnsiConsole? terminal) =>
        terminal is null ? new PlainPrinter(host.Output) : new TerminalPrinter(terminal);
}
