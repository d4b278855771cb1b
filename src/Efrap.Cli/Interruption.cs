using System.Runtime.InteropServices;

namespace Efrap.Cli;

/// <summary>
/// Turns the first Ctrl-C, SIGTERM or SIGHUP into a cancellation, so that temporary files are removed on the way out.
/// A second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private int _exitCode = 128 + 2;

    /// <summary>Starts listening.</summary>
    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, 128 + 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, 128 + 15)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Cancel(context, 128 + 1)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that shells expect of a process ended by that signal: 128 and the signal's number.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    /// <summary>Does what a signal does, without one.</summary>
    public void Cancel() => _source.Cancel();

    private void Cancel(PosixSignalContext context, int exitCode)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        Volatile.Write(ref _exitCode, exitCode);
        _source.Cancel();
    }
}
