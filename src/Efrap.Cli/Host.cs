using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Spectre.Console;

namespace Efrap.Cli;

/// <summary>Everything outside the command line that it talks to: streams, terminal, clock and the engine's verbs.</summary>
internal sealed record Host
{
    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where errors and warnings go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>
    /// Gives the terminal behind <see cref="Output"/>, or null where lines are wanted: redirected, without cursor control,
    /// or too narrow for a table.
    /// </summary>
    public required Func<IAnsiConsole?> Terminal { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Whether stack traces are wanted without <c>--verbose</c>.</summary>
    public bool Debug { get; init; }

    /// <summary>The engine's hardening.</summary>
    public required Func<HardenOptions, IProgress<HardenProgress>?, CancellationToken, HardenReport> Harden { get; init; }

    /// <summary>The engine's inspection.</summary>
    public required Func<string, CancellationToken, InspectReport> Inspect { get; init; }

    /// <summary>The engine's audit.</summary>
    public required Func<AuditOptions, IProgress<AuditProgress>?, CancellationToken, AuditReport> Audit { get; init; }

    /// <summary>The engine's verification.</summary>
    public required Func<VerifyOptions, IProgress<VerifyProgress>?, CancellationToken, VerifyReport> Verify { get; init; }

    /// <summary>The engine's verification of a release.</summary>
    public Func<VerifyReleaseOptions, IProgress<ReleaseProgress>?, CancellationToken, ReleaseReport> VerifyRelease { get; init; } = Core.VerifyRelease.Run;

    /// <summary>Makes the indicators that need gradients; null where no tier brings them.</summary>
    public Func<IReadOnlyList<Indicator>>? DeepIndicators { get; init; }

    /// <summary>The solvers that this installation has: a tier adds to them.</summary>
    public IReadOnlyList<SolverChoice> Solvers { get; init; } = SolverChoices.OfEngine;

    /// <summary>The real process.</summary>
    /// <returns>The host of this process.</returns>
    public static Host OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Terminal = TerminalOfProcess,
        Time = TimeProvider.System,
        Debug = Environment.GetEnvironmentVariable("EFRAP_DEBUG") == "1",
        Harden = Core.Harden.Run,
        Inspect = Core.Inspect.Run,
        Audit = Core.Audit.Run,
        Verify = Core.Verify.Run,
    };

    // Asked only when needed, and not at all when redirected: setting up the terminal costs a tenth of a second.
    private static IAnsiConsole? TerminalOfProcess()
    {
        if (Console.IsOutputRedirected)
            return null;
        var console = AnsiConsole.Console;
        return console.Profile is { Capabilities: { Ansi: true, Interactive: true }, Width: >= 60 } ? console : null;
    }
}
