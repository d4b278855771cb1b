using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Efrap.Cli.Commands;

/// <summary>The standard help, followed by examples, exit codes and where to read on.</summary>
/// <param name="standard">The standard help.</param>
/// <param name="examples">The examples of each command that has some.</param>
internal sealed class HelpWithExamples(HelpAction standard, IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (examples.TryGetValue(parseResult.CommandResult.Command, out var text))
            output.WriteLine(text);
        return result;
    }
}
