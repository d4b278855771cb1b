using System.Text.Json;
using Efrap.Cli.Terminal;
using Efrap.Core;

namespace Efrap.Cli.Worker;

/// <summary>Writes answers, one a line. They are pure ASCII, so that no console's encoding can damage them. Safe to use from several threads.</summary>
/// <param name="output">Where they go.</param>
internal sealed class WorkerLines(TextWriter output)
{
    private readonly Lock _lock = new();

    /// <summary>Writes an answer.</summary>
    /// <param name="answer">The answer.</param>
    public void Write(WorkerAnswer answer)
    {
        var line = JsonSerializer.Serialize(answer, WorkerJson.Default.WorkerAnswer);
        lock (_lock)
        {
            output.Write(line + "\n");
            output.Flush();
        }
    }

    /// <summary>Writes a problem as a message of severity <c>error</c>.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="id">The model concerned, or null for the request as such.</param>
    public void Error(EfrapException problem, string? id) =>
        Write(new MessageAnswer("error", problem.CodeText, Printable.Text(problem.Message), problem.File, id, problem.Line));
}
