using System.Globalization;
using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tasks.Cache;

/// <summary>A request on its way: what the cache has needs no worker, and what the worker makes goes into the cache.</summary>
/// <param name="cache">The cache.</param>
/// <param name="remark">Told what only somebody who looks for it wants to know.</param>
internal sealed class CachedRun(ResultCache cache, Action<string> remark) : IDisposable
{
    private readonly List<(string Key, ModelRequest Model)> _left = [];
    private readonly Dictionary<string, List<WorkerMessage>> _messages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private CacheLock? _lock;

    /// <summary>Restores what the cache has, and locks the rest for this build.</summary>
    /// <param name="request">The request.</param>
    /// <param name="engine">The digest of the engine.</param>
    /// <param name="show">Told what the worker said when it was made.</param>
    /// <param name="cancellation">Ends the wait for another build.</param>
    /// <returns>The models that are left to the worker.</returns>
    /// <exception cref="IOException">A model's own files cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ModelRequest[] Restore(WorkerRequest request, string engine, Action<WorkerMessage> show, CancellationToken cancellation)
    {
        var keyless = new HashSet<string>(StringComparer.Ordinal);
        foreach (ModelRequest model in request.Models)
        {
            if (CacheKey.Of(request, model, engine) is { } key)
                _left.Add((key, model));
            else
                keyless.Add(model.Id);
        }

        RestoreLeft(show);
        if (_left.Count > 0)
        {
            Lock(cancellation);
            // Whoever had the lock may have made it meanwhile.
            RestoreLeft(show);
        }

        return [.. request.Models.Where(model => keyless.Contains(model.Id) || _left.Any(left => left.Model.Id == model.Id))];
    }

    /// <summary>Takes what the worker says.</summary>
    /// <param name="message">The message.</param>
    public void Take(WorkerMessage message)
    {
        if (message.Id is not { } id || message.Type == "progress")
            return;
        if (message is { Type: "message", Severity: "error" })
            _failed.Add(id);
        if (!_messages.TryGetValue(id, out List<WorkerMessage>? messages))
            _messages.Add(id, messages = []);
        messages.Add(message);
    }

    /// <summary>Keeps what the worker made without an error.</summary>
    public void Store()
    {
        foreach ((string key, ModelRequest model) in _left)
        {
            if (_messages.TryGetValue(model.Id, out List<WorkerMessage>? messages) && !_failed.Contains(model.Id)
                && cache.Store(key, model, messages) is { } problem)
            {
                remark($"Efrap: {model.Id} does not go into the cache: {problem}");
            }
        }
    }

    public void Dispose() => _lock?.Dispose();

    private void RestoreLeft(Action<WorkerMessage> show)
    {
        string today = DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        _left.RemoveAll(left =>
        {
            if (cache.Restore(left.Key, left.Model, today) is not { } messages)
                return false;
            foreach (WorkerMessage message in messages)
                show(message);
            remark($"Efrap: {left.Model.Id} was made before, and is taken from the cache ({left.Key})");
            return true;
        });
    }

    private void Lock(CancellationToken cancellation)
    {
        try
        {
            _lock = cache.Lock(
                _left.Select(left => left.Key), () => remark("Efrap: waiting for another build that works on the same models"), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without it two builds may do the same work; each still writes whole entries.
            remark($"Efrap: the cache cannot be locked: {exception.Message}");
        }
    }
}
