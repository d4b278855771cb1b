using System.CommandLine;
using System.Globalization;
using Efrap.AttackLab.Table;
using Efrap.Core;
using Efrap.Core.Rounding;
using Efrap.Torch.Rounding;

namespace Efrap.AttackLab.Commands;

/// <summary><c>attacklab table</c>: every attack against every rounding.</summary>
internal sealed class TableCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Writes table.md, table.json and table.svg after each model. What is trained and rounded is kept in models and results
        beside them, and used again where the settings are the same: a run that was broken off goes on from there.

        Models of --data drawn:
          clean-residual, clean-plain, clean-depthwise, clean-transformer, pq-residual-int8, pq-residual-int4,
          pq-residual-int8-per-tensor, pq-residual-int4-per-tensor, pq-plain-int4, pq-depthwise-int8, pq-transformer-int4,
          quanti-residual, comp-residual-int8, comp-residual-int4, qura-residual-int8, qura-residual-int4,
          adaptive-residual-int8, adaptive-residual-int4; comp-residual-w4a4 with --setting paper
        --data cifar10 takes trained models and images from ../shared beside the checkout. --data DIR trains on the images of a
        folder: train.npz and test.npz, each with 'input', uint8 [N, C, H, W], and 'labels', int64 [N].

        Examples:
          attacklab table --output table
          attacklab table --output table --models clean-residual,pq-residual-int8 --paper-steps 1000
          attacklab table --output table-cifar10 --data cifar10
          attacklab table --output table-w4a4 --setting paper
        """;

    private static readonly TableOptions _defaults = new(string.Empty);

    private readonly Option<string> _output = new("--output") { Description = "The folder to write to.", Required = true, HelpName = "DIR" };

    private readonly Option<string[]> _models = new("--models")
    {
        Description = "Only these models.",
        HelpName = "NAME,…",
        DefaultValueFactory = _ => [],
        CustomParser = result => result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "'drawn', 'cifar10', or a folder of images.",
        HelpName = "DATA",
        DefaultValueFactory = _ => _defaults.Data,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Chooses images, weights, and random roundings.",
        HelpName = "N",
        DefaultValueFactory = _ => _defaults.Seed,
    };

    private readonly Option<int> _paperSteps =
        Count("--paper-steps", "Steps per layer of the paper's solver; 0 leaves it out.", _defaults.PaperSteps, 0);

    private readonly Option<string?> _setting = new("--setting")
    {
        Description = "'paper' quantizes every model as EFRAP's authors did: 4-bit weights and activations, 8 bits in the first and last layer.",
        HelpName = "paper",
    };

    private readonly Option<double> _budget = new("--budget")
    {
        Description = "ρ of our solver, above 0 and at most 1.",
        HelpName = "ρ",
        DefaultValueFactory = _ => _defaults.Budget,
    };

    private readonly Option<int> _threads = Count("--threads", "Threads of Torch; the weights depend on the number.", _defaults.Threads, 1);

    private readonly Option<int> _calibration = Count("--calibration-samples", "Samples that roundings are fitted to.", _defaults.CalibrationSamples, 1);

    private readonly Option<int> _test = Count("--test-samples", "Samples that everything is measured on.", _defaults.TestSamples, 1);

    /// <summary>Sets the verb up.</summary>
    public TableCommand()
        : base("table", "Train nets, attack them, round them in every way, and tabulate accuracy and attack success.")
    {
        foreach (var option in (Option[])[_output, _models, _data, _seed, _paperSteps, _setting, _budget, _threads, _calibration, _test])
            Add(option);
        _setting.AcceptOnlyFromAmong("paper");
        _budget.Validators.Add(result =>
        {
            // Out of range it would be refused all the same, but after the nets are trained.
            if (result.Tokens is [var token]
                && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var budget) && budget is > 0 and <= 1))
            {
                result.AddError($"--budget must be above 0 and at most 1; it is '{token.Value}'.");
            }
        });
        SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
    }

    private static Option<int> Count(string name, string description, int value, int least)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number < least))
                result.AddError($"{name} must be a whole number of at least {least}; it is '{token.Value}'.");
        });
        return option;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        var options = new TableOptions(parsed.GetRequiredValue(_output))
        {
            Models = parsed.GetValue(_models)!,
            Data = parsed.GetValue(_data)!,
            Seed = parsed.GetValue(_seed),
            PaperSteps = parsed.GetValue(_paperSteps),
            InPaperSetting = parsed.GetValue(_setting) is not null,
            Budget = parsed.GetValue(_budget),
            Threads = parsed.GetValue(_threads),
            CalibrationSamples = parsed.GetValue(_calibration),
            TestSamples = parsed.GetValue(_test),
        };
        var data = TableData.Open(options, cancellationToken);
        new TableRun(options, data, Chosen(options, data), Solvers(options), CommandLine(options), output).Run(cancellationToken);
        output.WriteLine($"Written to {options.Output}.");
        return ExitCode.Done;
    }

    private static List<TableModel> Chosen(TableOptions options, TableData data)
    {
        var all = TableModels.For(data, options.InPaperSetting);
        var unknown = options.Models.Except(all.Select(m => m.Name)).ToArray();
        return unknown.Length == 0
            ? [.. all.Where(m => options.Models.Count == 0 || options.Models.Contains(m.Name))]
            : throw new EfrapException(
                EfrapCode.InvalidSetting,
                $"there is no model '{unknown[0]}'; --models takes names out of {string.Join(", ", all.Select(m => m.Name))}.");
    }

    private static List<Solver> Solvers(TableOptions options)
    {
        List<Solver> solvers = [Solver.Nearest, new RandomSolver(options.Seed), Solver.Budget];
        if (options.PaperSteps > 0)
            solvers.Insert(2, new PaperSolver(new PaperSolverOptions { Steps = options.PaperSteps, Seed = unchecked((int)options.Seed) }));
        return solvers;
    }

    // As it is to be typed again; nothing but the folder's name of a path.
    private static string CommandLine(TableOptions options)
    {
        List<string> words = ["attacklab", "table", "--output", Name(options.Output)];
        if (options.Models.Count > 0)
            words.AddRange(["--models", string.Join(',', options.Models)]);
        words.AddRange(["--data", options.Data is TableOptions.DrawnData or TableOptions.Cifar10 ? options.Data : Name(options.Data)]);
        words.AddRange(["--seed", options.Seed.ToString(CultureInfo.InvariantCulture)]);
        words.AddRange(["--paper-steps", Text(options.PaperSteps)]);
        if (options.InPaperSetting)
            words.AddRange(["--setting", "paper"]);
        words.AddRange(["--budget", options.Budget.ToString(CultureInfo.InvariantCulture), "--threads", Text(options.Threads)]);
        words.AddRange(["--calibration-samples", Text(options.CalibrationSamples), "--test-samples", Text(options.TestSamples)]);
        return string.Join(' ', words);

        static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
