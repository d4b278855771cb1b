using System.CommandLine;
using Efrap.Cli.Worker;

namespace Efrap.Cli.Commands;

/// <summary><c>efrap worker @request.json</c>: the engine as a build starts it. Not for people, so not in the help.</summary>
internal sealed class WorkerCommand : Command
{
    private readonly Argument<string> _request = new("@request.json") { Description = "The request file." };

    /// <summary>Sets the verb up.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="interruption">What cancels it.</param>
    public WorkerCommand(Host host, Interruption interruption)
        : base("worker", "Work off a build's request, as docs/worker-protocol.md describes it.")
    {
        Hidden = true;
        Add(_request);
        SetAction(parsed => Run(host, parsed.GetRequiredValue(_request), interruption));
    }

    private static int Run(Host host, string request, Interruption interruption)
    {
        var path = request.StartsWith('@') ? request[1..] : request;
        try
        {
            return new WorkerRun(host, new WorkerLines(host.Output)).Run(path, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return interruption.ExitCode;
        }
    }
}
