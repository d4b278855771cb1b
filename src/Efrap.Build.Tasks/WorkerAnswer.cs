using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tasks;

/// <summary>What the worker has said so far, and whether that is a complete answer to what it was asked.</summary>
internal sealed class WorkerAnswer
{
    // A runaway worker must not fill the build's log; what explains a crash stands at the beginning.
    private const int PrintedLinesKept = 40;

    private readonly HashSet<string> _open;
    private readonly HashSet<string> _hardened;
    private readonly List<string> _printed = [];
    private bool _isGarbled;
    private bool _isCancelled;
    private bool _isRefused;
    private bool _hasErrors;

    /// <summary>Starts with nothing answered.</summary>
    /// <param name="models">The models that were asked for.</param>
    public WorkerAnswer(IReadOnlyList<ModelRequest> models)
    {
        _open = new(models.Select(model => model.Id), StringComparer.Ordinal);
        _hardened = new(models.Where(model => model.Action == "harden").Select(model => model.Id), StringComparer.Ordinal);
    }

    /// <summary>What was printed that is no message, one line each, the first ones only.</summary>
    public IReadOnlyList<string> Printed => _printed;

    /// <summary>Takes a line of standard output that is a message.</summary>
    /// <param name="message">The message.</param>
    public void Take(WorkerMessage message)
    {
        bool isError = message is { Type: "message", Severity: "error" };
        _hasErrors |= isError;
        _isCancelled |= message.Code == Codes.Cancelled;
        // A model that is hardened is audited first.
        bool isEnd = message.Type == "result" || (message.Type == "audited" && !_hardened.Contains(message.Id!));
        if (!isError && !isEnd)
            return;
        if (message.Id is { } id)
            _open.Remove(id);
        else
            _isRefused = true;
    }

    /// <summary>Takes a line of standard output that is no message.</summary>
    /// <param name="line">The line.</param>
    public void TakeStray(string line)
    {
        _isGarbled = true;
        TakePrinted(line);
    }

    /// <summary>Takes a line of standard error.</summary>
    /// <param name="line">The line.</param>
    public void TakePrinted(string line)
    {
        if (_printed.Count < PrintedLinesKept)
            _printed.Add(line);
    }

    /// <summary>
    /// Whether the worker, now ended, kept to the protocol: every model answered or the whole request refused, failures
    /// explained. Ctrl-C in a terminal reaches it too; it then says so and stops.
    /// </summary>
    /// <param name="exitCode">The code that it ended with.</param>
    /// <returns>False where the worker crashed or is broken.</returns>
    public bool IsComplete(int exitCode) =>
        !_isGarbled && exitCode switch
        {
            0 => !_hasErrors && _open.Count == 0,
            1 or 2 or 3 => _hasErrors && (_isRefused || _open.Count == 0),
            _ => _isCancelled,
        };
}
