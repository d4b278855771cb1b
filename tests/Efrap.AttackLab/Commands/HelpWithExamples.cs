using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Efrap.AttackLab.Commands;

/// <summary>The standard help, followed by examples.</summary>
/// <param name="standard">The standard help.</param>
/// <param name="examples">The examples of each command that has some.</param>
internal sealed class HelpWithExamples(HelpAction standard, IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Adds examples to the help of a command line.</summary>
    /// <param name="root">The command line.</param>
    /// <param name="examples">The examples of each command that has some.</param>
    public static void AddTo(RootCommand root, IReadOnlyDictionary<Command, string> examples)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = standard.Invoke(parseResult);
        if (examples.TryGetValue(parseResult.CommandResult.Command, out var text))
            parseResult.InvocationConfiguration.Output.WriteLine(text);
        return result;
    }
}
