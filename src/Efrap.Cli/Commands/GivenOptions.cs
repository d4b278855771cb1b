using System.CommandLine;

namespace Efrap.Cli.Commands;

/// <summary>Tells options that stand on the command line from those that have their default.</summary>
internal static class GivenOptions
{
    /// <summary>Whether an option stands on the command line.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="option">The option.</param>
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
