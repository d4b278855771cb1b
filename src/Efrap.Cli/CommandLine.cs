using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Efrap.Cli.Commands;
using Efrap.Cli.Terminal;
using Efrap.Core;

namespace Efrap.Cli;

/// <summary>The command line <c>efrap</c>: finds the verb, runs it, turns every problem into one line and an exit code.</summary>
internal sealed class CommandLine
{
    private readonly Host _host;
    private readonly Interruption _interruption;
    private readonly RootCommand _root;
    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Show the stack trace of an unexpected failure (as does EFRAP_DEBUG=1).",
        Recursive = true,
    };

    /// <summary>Sets the command line up.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="interruption">What cancels it.</param>
    public CommandLine(Host host, Interruption interruption)
    {
        _host = host;
        _interruption = interruption;
        var harden = new HardenCommand(host, interruption.Token);
        var audit = new AuditCommand(host, interruption.Token);
        var inspect = new InspectCommand(host, interruption.Token);
        var verify = new VerifyCommand(host, interruption.Token);
        _root = new RootCommand("Efrap hardens ONNX models against quantization-conditioned backdoors: it quantizes them with "
            + "EFRAP rounding, which breaks the backdoor, in place of nearest rounding, which wakes it up.")
        {
            _verbose,
            audit,
            harden,
            inspect,
            verify,
            new WorkerCommand(host, interruption),
        };
        var help = _root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, new Dictionary<Command, string> { [audit] = AuditCommand.Examples, [harden] = HardenCommand.Examples, [inspect] = InspectCommand.Examples, [verify] = VerifyCommand.Examples });
        _root.SetAction(parsed =>
        {
            _root.Parse("--help").Invoke(new() { Output = host.Output, Error = host.Error });
            return ExitCode.Usage;
        });
    }

    /// <summary>Runs the command line.</summary>
    /// <param name="arguments">The arguments as the shell passed them.</param>
    /// <returns>The process's exit code.</returns>
    public int Run(IReadOnlyList<string> arguments)
    {
        // "@file" is the worker's request, not a file of arguments.
        var parsed = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return WrongUsage(parsed);
        try
        {
            return parsed.Invoke(new()
            {
                Output = _host.Output,
                Error = _host.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            return Failed(e, _host.Debug || parsed.GetValue(_verbose));
        }
    }

    private int WrongUsage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command == _root ? "efrap" : $"efrap {parsed.CommandResult.Command.Name}";
        var problems = string.Join(' ', parsed.Errors.Select(e => e.Message));
        _host.Error.WriteLine(CanonicalLine.Format("error", null, $"{problems} See '{command} --help'."));
        return ExitCode.Usage;
    }

    private int Failed(Exception e, bool stackTrace)
    {
        var problem = Problem.Of(e);
        _host.Error.WriteLine(CanonicalLine.Format("error", problem.Code, problem.Message, problem.File, problem.Line));
        if (stackTrace && problem.Code != EfrapCode.Cancelled)
            _host.Error.WriteLine(e);
        return problem.Code == EfrapCode.Cancelled ? _interruption.ExitCode : ExitCode.Of(problem.Code);
    }
}
