using System.CommandLine;
using Efrap.Cli.Settings;
using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Indicators;

namespace Efrap.Cli.Commands;

/// <summary><c>efrap audit</c>: measures the signs of a quantization-conditioned backdoor in a model.</summary>
internal sealed class AuditCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Examples:
          What the weights alone show, on all four lattices:
            efrap audit model.onnx

          All of it: placebos, the trigger probe and what hardening changes:
            efrap audit model.onnx --calibration images.npz --calibration-scale 1/255

          With trigger inversion (the tool Efrap.Tool.Torch), for int4 weights:
            efrap audit model.onnx --calibration images.npz --calibration-scale 1/255 \
              --precision int4-weights --deep

          With evidence for a reviewer, for code scanning and for signing:
            efrap audit model.onnx --calibration images.npz --calibration-scale 1/255 \
              --html model.audit.html --sarif model.sarif --statement model.intoto.json

          A model that is quantized already, beside the one it was made from:
            efrap audit model.int8.onnx --source model.onnx --calibration images.npz --calibration-scale 1/255

        Exit codes:
          0 no sign of a backdoor, 1 an indicator failed, 2 error, 3 nothing to audit, 4 wrong usage, 130 cancelled
        """;

    private readonly Argument<string> _model = new("MODEL") { Description = "The ONNX model: full-precision, or quantized with its source." };

    private readonly Option<string> _source = new("--source")
    {
        Description = "The full-precision model that a quantized MODEL was made from: the integers of MODEL are then audited, too.",
        HelpName = "FILE",
    };

    private readonly CalibrationArguments _calibration = new(required: false);

    private readonly Option<string> _precision = new("--precision")
    {
        Description = "Audit only the lattices of this precision [default: all lattices].",
        HelpName = string.Join('|', SettingText.Precisions),
    };

    private readonly Option<string> _lattice = new("--lattice")
    {
        Description = $"Audit only these lattices, of {string.Join(", ", LatticeText.Names)} [default: all; the first with --source].",
        HelpName = "A,B",
    };

    private readonly Option<bool> _deep = new("--deep")
    {
        Description = "Add trigger inversion, which needs gradients: up to two minutes per lattice. Needs the tool Efrap.Tool.Torch.",
    };

    private readonly Option<string> _placebos = new("--placebos")
    {
        Description = "Models rounded at random that each figure is compared with [default: 19].",
        HelpName = "R",
    };

    private readonly Option<string> _probeTime = new("--probe-time")
    {
        Description = "What the trigger probe may take over all lattices, in seconds [default: 60].",
        HelpName = "S",
    };

    private readonly Option<string> _threads = new("--threads")
    {
        Description = "The number of threads [default: one per processor].",
        HelpName = "N",
    };

    private readonly PolicyArguments _policy = new();

    private readonly EvidenceArguments _evidence = new();

    private readonly Host _host;

    /// <summary>Sets the verb up.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public AuditCommand(Host host, CancellationToken cancellationToken)
        : base("audit", "Measure the signs of a quantization-conditioned backdoor in a model.")
    {
        _host = host;
        Add(_model);
        foreach (var option in (Option[])[_source, .. _calibration.Options, _precision, _lattice, _deep, _placebos, _probeTime, _threads, .. _policy.Options, .. _evidence.Options])
            Add(option);
        SetAction(parsed => Run(Settings(parsed), cancellationToken));
    }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <returns>What the engine is to do.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> or <see cref="EfrapCode.TorchTierMissing"/>.</exception>
    public AuditOptions Settings(ParseResult parsed)
    {
        var source = parsed.GetValue(_source);
        if (parsed.GetValue(_precision) is not null && parsed.GetValue(_lattice) is not null)
            throw new EfrapException(EfrapCode.InvalidSetting, "--precision and --lattice both choose lattices; give one of them.");
        var calibration = _calibration.Read(parsed);
        if (calibration is null && parsed.GetValue(_deep))
            throw new EfrapException(EfrapCode.InvalidSetting, "--deep needs --calibration: triggers are learned on samples.");
        var (policy, policyFile) = _policy.Read(parsed);
        var options = new AuditOptions(parsed.GetRequiredValue(_model))
        {
            SourcePath = source,
            Calibration = calibration,
            Lattices = parsed.GetValue(_lattice) is { } lattice ? LatticeText.Read(lattice, _lattice.Name)
                : parsed.GetValue(_precision) is { } precision ? LatticeText.Of(SettingText.Precision(precision, _precision.Name), source is not null)
                : AuditLattice.Applicable(source is not null),
            Indicators = parsed.GetValue(_deep) ? [.. Indicator.OfEngine, .. Deep()] : Indicator.OfEngine,
            Placebos = parsed.GetValue(_placebos) is { } placebos ? SettingText.Whole(placebos, _placebos.Name) : 19,
            ProbeTime = TimeSpan.FromSeconds(parsed.GetValue(_probeTime) is { } seconds ? SettingText.Whole(seconds, _probeTime.Name) : 60),
            Threads = parsed.GetValue(_threads) is { } threads ? SettingText.Whole(threads, _threads.Name) : 0,
            Policy = policy,
            PolicyFile = policyFile,
            Time = _host.Time,
            Evidence = _evidence.Read(parsed),
        };
        SettingRules.Check(options, name => name == "model" ? _model.Name : "--" + name);
        return options;
    }

    private IReadOnlyList<Indicator> Deep() => _host.DeepIndicators?.Invoke() ?? throw new EfrapException(
        EfrapCode.TorchTierMissing,
        $"{_deep.Name} needs the Torch tier, which is not installed: install the tool Efrap.Tool.Torch in place of Efrap.Tool.");

    private int Run(AuditOptions options, CancellationToken cancellationToken)
    {
        var terminal = _host.Terminal();
        var report = terminal is null
            ? _host.Audit(options, new AuditLines(options, _host.Time, _host.Output), cancellationToken)
            : new AuditProgressBar(terminal).Start(progress => _host.Audit(options, progress, cancellationToken));
        new AuditSummary(report, options.ModelPath).Print(IPrinter.For(_host, terminal));
        return report.Verdict == Verdict.Fail ? ExitCode.Failed : ExitCode.Clean;
    }
}
