using System.CommandLine;
using System.Globalization;
using Efrap.Cli.Settings;
using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Policies;
using Efrap.Core.Verification;

namespace Efrap.Cli.Commands;

/// <summary><c>efrap verify</c>: says which rounding is in a quantized model.</summary>
internal sealed class VerifyCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Examples:
          Was this file rounded to nearest, with EFRAP rounding, or by something that nothing explains?
            efrap verify model.int8.onnx --source model.onnx --calibration images.npz --calibration-scale 1/255

          What its weights alone show: nearest, stochastic, integers off the lattice:
            efrap verify model.int8.onnx --source model.onnx --report model.verify.json

          Is it the very file that hardening attested, made from this source and these samples? Then harden again and compare:
            efrap verify model.int8.onnx --source model.onnx --calibration images.npz --attestation model.intoto.json --replay

          Is every model in this release what the build shipped? The same for a .zip, a .nupkg, an assembly or a single-file app:
            efrap verify publish --manifest evidence/efrap.manifest.json

        Exit codes:
          0 EFRAP rounding, or what the policy allows; 1 any other rounding, or the attestation is rejected; 2 error;
          3 it cannot be told, or nothing is quantized; 4 wrong usage; 130 cancelled
          of a release: 0 every model is what the build shipped; 1 one is not; 3 there is no model
        """;

    private readonly Argument<string> _model = new("MODEL") { Description = "The quantized ONNX model; or a release: a folder, .zip, .nupkg, .dll, or single-file app." };

    private readonly Option<string> _source = new("--source")
    {
        Description = "The full-precision model that MODEL was made from [default: say only what the file itself shows].",
        HelpName = "FILE",
    };

    private readonly CalibrationArguments _calibration = new(required: false);

    private readonly Option<string> _attestation = new("--attestation")
    {
        Description = "What efrap harden stated of MODEL: accepted only where every digest fits; its settings go for those left out here.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _replay = new("--replay")
    {
        Description = "Harden again with what was attested, and compare the integers.",
    };

    private readonly PolicyFileArguments _policy = new();

    private readonly Option<string> _budget = new("--budget")
    {
        Description = "The activation budget that EFRAP rounding is held to; the one that MODEL was hardened with [default: the attested one, or "
            + $"{HardenOptions.DefaultBudget.ToString(CultureInfo.InvariantCulture)}].",
        HelpName = "RATIO",
    };

    private readonly Option<string> _threads = new("--threads")
    {
        Description = "0 for one per processor. The result does not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => "0",
    };

    private readonly ReleaseArguments _release = new();

    private readonly Option<string> _report = new("--report")
    {
        Description = "Writes what was found to a JSON file.",
        HelpName = "FILE.json",
    };

    /// <summary>Sets the verb up.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public VerifyCommand(Host host, CancellationToken cancellationToken)
        : base("verify", "Say which rounding is in a quantized model, or whether a release holds what the build shipped.")
    {
        Add(_model);
        foreach (var option in (Option[])[_source, .. _calibration.Options, _attestation, _replay, _budget, .. _policy.Options, _threads, .. _release.Options, _report])
            Add(option);
        SetAction(parsed => _release.Applies(parsed, _model, _report)
            ? ReleaseArguments.Run(host, _release.Read(parsed, _model, _report, host.Time), cancellationToken)
            : Run(host, Settings(parsed, new SolverChoices(host.Solvers)), cancellationToken));
    }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <param name="solvers">The solvers that a replay may ask for.</param>
    /// <returns>What the engine is to do.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> or <see cref="EfrapCode.PolicyInvalid"/>.</exception>
    public VerifyOptions Settings(ParseResult parsed, SolverChoices solvers)
    {
        var policy = _policy.Path(parsed) is { } path ? PolicyFile.Read(path) : null;
        var options = new VerifyOptions(parsed.GetRequiredValue(_model))
        {
            SourcePath = parsed.GetValue(_source),
            Calibration = _calibration.Read(parsed),
            AttestationPath = parsed.GetValue(_attestation),
            Replay = parsed.GetValue(_replay),
            Solvers = solvers.Attested,
            Budget = parsed.GetValue(_budget) is { } budget ? SettingText.Number(budget, _budget.Name) : null,
            Policy = policy?.Policy ?? new AuditPolicy(),
            PolicyFile = policy,
            Threads = SettingText.Whole(parsed.GetRequiredValue(_threads), _threads.Name),
            ReportPath = parsed.GetValue(_report),
        };
        if (options is { Calibration: not null, SourcePath: null })
            throw new EfrapException(EfrapCode.InvalidSetting, "--calibration means nothing without --source: activations are compared with the source's.");
        if (options.Replay && options is not { AttestationPath: not null, SourcePath: not null, Calibration: not null })
            throw new EfrapException(EfrapCode.InvalidSetting, $"{_replay.Name} needs {_attestation.Name}, --source and --calibration: it hardens again.");
        SettingRules.Check(options, name => name == "model" ? _model.Name : "--" + name);
        return options;
    }

    /// <summary>How the process ends after a verification.</summary>
    /// <param name="verdict">The worst that was found.</param>
    /// <param name="isAccepted">Whether the policy lets it pass.</param>
    /// <returns>The exit code.</returns>
    public static int ExitCodeOf(RoundingKind verdict, bool isAccepted) => verdict switch
    {
        _ when isAccepted => ExitCode.Clean,
        RoundingKind.Unknown => ExitCode.NothingToDo,
        _ => ExitCode.Failed,
    };

    private static int Run(Host host, VerifyOptions options, CancellationToken cancellationToken)
    {
        var terminal = host.Terminal();
        var report = terminal is null
            ? host.Verify(options, new VerifyLines(options, host.Time, host.Output), cancellationToken)
            : new VerifyProgressBar(terminal).Start(progress => host.Verify(options, progress, cancellationToken));
        new VerifySummary(report).Print(IPrinter.For(host, terminal));
        return ExitCodeOf(report.Verdict, report.Accepted);
    }
}
