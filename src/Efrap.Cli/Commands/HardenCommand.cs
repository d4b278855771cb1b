using System.CommandLine;
using System.Globalization;
using Efrap.Cli.Settings;
using Efrap.Cli.Terminal;
using Efrap.Core;

namespace Efrap.Cli.Commands;

/// <summary><c>efrap harden</c>: reads the settings, runs the engine under a progress display, shows what it did.</summary>
internal sealed class HardenCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Examples:
          Quantize to int8, on images stored as bytes and normalized as for ImageNet:
            efrap harden resnet.onnx --output resnet.int8.onnx --calibration images.npz \
              --calibration-scale 1/255 --calibration-mean 0.485,0.456,0.406 --calibration-std 0.229,0.224,0.225

          Weights only, to int4, with a report for the release:
            efrap harden model.onnx --output model.int4.onnx --calibration samples.npz \
              --precision int4-weights --report model.int4.json

          The same quantization with nearest rounding, for comparison:
            efrap harden model.onnx --output model.nearest.onnx --calibration samples.npz --solver nearest

          As the paper measures, for comparison with it:
            efrap harden model.onnx --output model.w4a4.onnx --calibration samples.npz --setting paper

          Replace the rounding in a model that is quantized already, beside the model that it was made from:
            efrap harden model.int8.onnx --source model.onnx --output model.hardened.onnx --calibration samples.npz

        Exit codes:
          0 hardened, 2 error, 3 nothing to quantize, 4 wrong usage, 130 cancelled
        """;

    private readonly Argument<string> _model = new("MODEL") { Description = "The full-precision ONNX model; with --source, the quantized one." };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the hardened model goes.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _source = new("--source")
    {
        Description = "The full-precision model that MODEL was quantized from: only MODEL's integers are replaced, everything else stays.",
        HelpName = "FILE",
    };

    private readonly CalibrationArguments _calibration = new(required: true);

    private readonly Option<string> _precision = new("--precision")
    {
        Description = "What weights and activations are stored as.",
        HelpName = string.Join('|', SettingText.Precisions),
        DefaultValueFactory = _ => "int8",
        CompletionSources = { _ => SettingText.Precisions.Select(p => new System.CommandLine.Completions.CompletionItem(p)) },
    };

    private readonly Option<string> _granularity = new("--granularity")
    {
        Description = "How many weights share one scale.",
        HelpName = string.Join('|', SettingText.Granularities),
        DefaultValueFactory = _ => "per-channel",
        CompletionSources = { _ => SettingText.Granularities.Select(g => new System.CommandLine.Completions.CompletionItem(g)) },
    };

    private readonly Option<string> _setting = new("--setting")
    {
        Description = "For evaluation, not for shipping: paper quantizes as EFRAP's authors did (4-bit weights and activations, 8 bits "
            + "in the first and last layer, 1,024 samples).",
        HelpName = PaperSetting.Name,
    };

    private readonly Option<string> _budget = new("--budget")
    {
        Description = "The largest activation error a layer may have, as a share of nearest rounding's; above 0, at most 1. "
            + "Lower keeps more accuracy, higher flips more weights.",
        HelpName = "RATIO",
        DefaultValueFactory = _ => HardenOptions.DefaultBudget.ToString(CultureInfo.InvariantCulture),
    };

    private readonly SolverChoices _solvers;
    private readonly Option<string> _solver;
    private readonly Option<string> _steps;
    private readonly Option<string> _seed;

    private readonly Option<string> _threads = new("--threads")
    {
        Description = "0 for one per processor. The result does not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => "0",
    };

    private readonly Option<string> _report = new("--report")
    {
        Description = "Writes what was done to a JSON file.",
        HelpName = "FILE.json",
    };

    private readonly Option<string> _attestation = new("--attestation")
    {
        Description = "Writes an in-toto statement of what was made from what, for efrap verify and to be signed.",
        HelpName = "FILE",
    };

    /// <summary>Sets the verb up.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public HardenCommand(Host host, CancellationToken cancellationToken)
        : base("harden", "Quantize a model with EFRAP rounding in place of nearest rounding.")
    {
        _solvers = new SolverChoices(host.Solvers);
        _solver = new("--solver")
        {
            Description = _solvers.Description,
            HelpName = string.Join('|', _solvers.Names),
            DefaultValueFactory = _ => Core.Rounding.Solver.Budget.Name,
            CompletionSources = { _ => _solvers.Names.Select(s => new System.CommandLine.Completions.CompletionItem(s)) },
        };
        _steps = new("--solver-steps")
        {
            Description = $"Steps of gradient descent per layer [default: {SolverSettings.DefaultSteps}].",
            HelpName = "N",
            Hidden = !_solvers.HaveSettings,
        };
        _seed = new("--solver-seed")
        {
            Description = "Decides which samples are in which batch [default: 0].",
            HelpName = "N",
            Hidden = !_solvers.HaveSettings,
        };
        Add(_model);
        foreach (var option in (Option[])
            [_output, _source, .. _calibration.Options, _precision, _granularity, _setting, _budget, _solver, _steps, _seed, _threads, _report, _attestation])
        {
            Add(option);
        }

        SetAction(parsed => Run(host, Settings(parsed), cancellationToken));
    }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <returns>What the engine is to do.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public HardenOptions Settings(ParseResult parsed)
    {
        CheckSource(parsed);
        var options = new HardenOptions(parsed.GetRequiredValue(_model), parsed.GetRequiredValue(_output), _calibration.Read(parsed)!)
        {
            SourcePath = parsed.GetValue(_source),
            Precision = SettingText.Precision(parsed.GetRequiredValue(_precision), _precision.Name),
            Granularity = SettingText.Granularity(parsed.GetRequiredValue(_granularity), _granularity.Name),
            Solver = _solvers.Choose(
                parsed.GetRequiredValue(_solver), Optional(_steps, SettingText.Whole), Optional(_seed, SettingText.Whole), Spelling),
            Budget = SettingText.Number(parsed.GetRequiredValue(_budget), _budget.Name),
            Threads = SettingText.Whole(parsed.GetRequiredValue(_threads), _threads.Name),
            ReportPath = parsed.GetValue(_report),
            AttestationPath = parsed.GetValue(_attestation),
        };
        options = InSetting(options, parsed);
        SettingRules.Check(options, Spelling);
        return options;

        string Spelling(string name) => name == "model" ? _model.Name : "--" + name;

        T? Optional<T>(Option<string> option, Func<string, string, T> read)
            where T : struct => parsed.GetValue(option) is { } text ? read(text, option.Name) : null;
    }

    private void CheckSource(ParseResult parsed)
    {
        if (!parsed.IsGiven(_source))
            return;
        if (((Option[])[_precision, _granularity, _setting]).FirstOrDefault(o => parsed.IsGiven(o)) is { } idle)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{idle.Name} means nothing with {_source.Name}: the quantized model decides it; remove it.");
        if (parsed.GetRequiredValue(_solver) is var solver && SolverChoices.OfTorchTier.Contains(solver))
        {
            throw new EfrapException(
                EfrapCode.InvalidSetting,
                $"{_solver.Name} {solver} does not round the integers of a quantized model; with {_source.Name} it must be "
                + $"{string.Join(" or ", Core.Rounding.Solver.All.Select(s => s.Name))}.");
        }
    }

    private HardenOptions InSetting(HardenOptions options, ParseResult parsed)
    {
        if (parsed.GetValue(_setting) is not { } setting)
            return options;
        if (setting != PaperSetting.Name)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{_setting.Name} must be {PaperSetting.Name}, not '{setting}'.");
        if (((Option[])[_precision, _granularity]).FirstOrDefault(o => parsed.IsGiven(o)) is { } idle)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{idle.Name} means nothing with {_setting.Name} {setting}, which decides it; remove it.");
        return PaperSetting.Apply(options);
    }

    private static int Run(Host host, HardenOptions options, CancellationToken cancellationToken)
    {
        var run = new HardenRun(options, host.Time);
        var terminal = host.Terminal();
        var report = terminal is null
            ? host.Harden(options, new ProgressLines(run, host.Output), cancellationToken)
            : new LayerProgressBar(terminal, run).Start(progress => host.Harden(options, progress, cancellationToken));
        new HardenSummary(report, run).Print(IPrinter.For(host, terminal));
        return ExitCode.Clean;
    }
}
