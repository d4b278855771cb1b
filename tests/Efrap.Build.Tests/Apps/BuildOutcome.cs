using Microsoft.Build.Logging.StructuredLogger;
using Task = Microsoft.Build.Logging.StructuredLogger.Task;

namespace Efrap.Build.Tests.Apps;

/// <summary>How a build ended, and its binary log.</summary>
internal sealed class BuildOutcome
{
    private readonly Lazy<Microsoft.Build.Logging.StructuredLogger.Build> _log;

    /// <summary>Takes what a build left.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="output">Both streams.</param>
    /// <param name="log">The binary log.</param>
    public BuildOutcome(int exitCode, string output, string log)
    {
        (ExitCode, Output) = (exitCode, output);
        _log = new(() => BinaryLog.ReadBuild(log));
    }

    /// <summary>The exit code.</summary>
    public int ExitCode { get; }

    /// <summary>Both streams.</summary>
    public string Output { get; }

    /// <summary>The errors.</summary>
    public IReadOnlyList<Error> Errors => _log.Value.FindChildrenRecursive<Error>();

    /// <summary>The warnings.</summary>
    public IReadOnlyList<Warning> Warnings => _log.Value.FindChildrenRecursive<Warning>();

    /// <summary>How often the worker was started.</summary>
    public int WorkerStarts => _log.Value.FindChildrenRecursive<Task>(
        task => task.Name == "EfrapHarden" && (task.CommandLineArguments?.Contains("efrap.dll", StringComparison.Ordinal)
            ?? task.FindChildrenRecursive<Message>(m => m.Text.Contains("efrap.dll", StringComparison.Ordinal) && m.Text.Contains(" worker ", StringComparison.Ordinal)).Count > 0)).Count;

    /// <summary>Whether a target's tasks ran.</summary>
    /// <param name="name">The target.</param>
    /// <returns>False where it was skipped or not asked for.</returns>
    public bool Ran(string name) =>
        _log.Value.FindChildrenRecursive<Target>(target => target.Name == name && target.Children.OfType<Task>().Any()).Count > 0;
}
