using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Evidence;
using Spectre.Console;

namespace Efrap.Cli.Tests;

/// <summary>The command line with its streams caught and its engine replaced.</summary>
internal sealed class Front : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    /// <summary>The engine.</summary>
    public FakeEngine Engine { get; init; } = new();

    /// <summary>The verb <c>audit</c>; null for the real one, and for the engine's where the worker is run.</summary>
    public Func<AuditOptions, IProgress<AuditProgress>?, CancellationToken, AuditReport>? Audit { get; init; }

    /// <summary>The verification of a release.</summary>
    public Func<VerifyReleaseOptions, IProgress<ReleaseProgress>?, CancellationToken, ReleaseReport> VerifyRelease { get; init; } = Core.VerifyRelease.Run;

    /// <summary>The clock.</summary>
    public ManualTime Time { get; } = new();

    /// <summary>What signals are turned into.</summary>
    public Interruption Interruption { get; } = new();

    /// <summary>Makes the terminal that writes to the given stream; null for none.</summary>
    public Func<TextWriter, IAnsiConsole>? Terminal { get; init; }

    /// <summary>The solvers of the installation.</summary>
    public IReadOnlyList<SolverChoice> Solvers { get; init; } = SolverChoices.OfEngine;

    /// <summary>Whether EFRAP_DEBUG is set.</summary>
    public bool Debug { get; init; }

    /// <summary>Standard output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>Standard error so far.</summary>
    public string Error => _error.ToString();

    /// <summary>Standard error's lines; fails when the last one has no end.</summary>
    public IReadOnlyList<string> ErrorLines => Lines(Error);

    /// <summary>Standard output's lines; fails when the last one has no end.</summary>
    public IReadOnlyList<string> OutputLines => Lines(Output);

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The exit code.</returns>
    public int Run(params string[] arguments)
    {
        var host = new Host
        {
            Output = _output,
            Error = _error,
            Terminal = () => Terminal?.Invoke(_output),
            Time = Time,
            Debug = Debug,
            Harden = Engine.Harden,
            Inspect = Engine.Inspect,
            Audit = Audit ?? (arguments is ["worker", ..] ? Engine.Audit : Core.Audit.Run),
            Verify = Engine.Verify,
            VerifyRelease = VerifyRelease,
            Solvers = Solvers,
        };
        return new CommandLine(host, Interruption).Run(arguments);
    }

    /// <summary>Runs <c>harden</c> with everything that is required, and more.</summary>
    /// <param name="more">Further arguments.</param>
    /// <returns>The exit code.</returns>
    public int Harden(params string[] more) =>
        Run(["harden", "models/model.onnx", "--output", "out.onnx", "--calibration", "samples.npz", .. more]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Interruption.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private static string[] Lines(string text)
    {
        if (text.Length == 0)
            return [];
        Assert.EndsWith("\n", text);
        return text[..^1].Split('\n');
    }
}
