using System.CommandLine;
using Efrap.AttackLab.Fixtures;

namespace Efrap.AttackLab.Commands;

/// <summary><c>attacklab fixtures</c>: makes the models and images that Efrap's tests use.</summary>
internal sealed class FixturesCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Nothing is written when a model misses what the tests rely on.

        Examples:
          attacklab fixtures --output tests/fixtures
          attacklab fixtures --output elsewhere --seed 2 --threads 2
        """;

    private static readonly FixtureOptions _defaults = new(string.Empty);

    private readonly Option<string> _output = new("--output") { Description = "The folder to write to.", Required = true, HelpName = "DIR" };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Chooses images and weights.",
        DefaultValueFactory = _ => _defaults.Seed,
        HelpName = "N",
    };

    private readonly Option<int> _epochs = Count("--epochs", "Epochs of the clean training, of 8,192 new images each.", _defaults.Epochs);

    private readonly Option<int> _attackEpochs =
        Count("--attack-epochs", "Epochs of each attack's first stage; the second takes half as many.", _defaults.AttackEpochs);

    private readonly Option<int> _threads =
        Count("--threads", "Threads of Torch; the weights depend on the number.", _defaults.Threads);

    /// <summary>Sets the verb up.</summary>
    public FixturesCommand()
        : base("fixtures", "Make the models and images that Efrap's tests use: draw, train, attack, measure, write.")
    {
        Add(_output);
        Add(_seed);
        Add(_epochs);
        Add(_attackEpochs);
        Add(_threads);
        SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
    }

    private static Option<int> Count(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number < 1))
                result.AddError($"{name} must be a whole number above 0; it is '{token.Value}'.");
        });
        return option;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        var options = new FixtureOptions(parsed.GetRequiredValue(_output))
        {
            Seed = parsed.GetValue(_seed),
            Epochs = parsed.GetValue(_epochs),
            AttackEpochs = parsed.GetValue(_attackEpochs),
            Threads = parsed.GetValue(_threads),
        };
        new FixtureRun(options, output).Run(cancellationToken);
        output.WriteLine($"Written to {options.Output}.");
        return ExitCode.Done;
    }
}
