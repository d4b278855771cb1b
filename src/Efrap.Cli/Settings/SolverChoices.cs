using Efrap.Core;
using Efrap.Core.Rounding;

namespace Efrap.Cli.Settings;

/// <summary>Finds the solver that a setting names among those that this installation has.</summary>
/// <param name="choices">The solvers that this installation has.</param>
internal sealed class SolverChoices(IReadOnlyList<SolverChoice> choices)
{
    /// <summary>The solvers that every installation has.</summary>
    public static readonly IReadOnlyList<SolverChoice> OfEngine =
    [
        new(Solver.Budget.Name, "EFRAP rounding.", _ => Solver.Budget),
        new(Solver.Nearest.Name, "What other quantizers do, for comparison.", _ => Solver.Nearest),
    ];

    /// <summary>The solvers that only the Torch tier has, as they are spelt.</summary>
    public static readonly IReadOnlyList<string> OfTorchTier = ["paper", "paper-gram"];

    /// <summary>The spellings.</summary>
    public IReadOnlyList<string> Names { get; } = [.. choices.Select(c => c.Name)];

    /// <summary>What each does, for the help.</summary>
    public string Description =>
        string.Join(' ', choices.Select(c => $"{c.Name}: {c.Description}"))
        + (Missing.Count > 0 ? $" {string.Join(" and ", Missing)} need the tool Efrap.Tool.Torch." : string.Empty);

    /// <summary>Whether any solver has something to set.</summary>
    public bool HaveSettings => choices.Any(c => c.HasSettings);

    private IReadOnlyList<string> Missing => [.. OfTorchTier.Except(Names)];

    /// <summary>Makes the solver that an attestation names.</summary>
    /// <param name="name">The name.</param>
    /// <param name="settings">Its settings, each <c>name=value</c>; those that nobody can set are as the installation has them.</param>
    /// <returns>The solver.</returns>
    /// <exception cref="EfrapException">As <see cref="Choose"/>.</exception>
    public Solver Attested(string name, IReadOnlyList<string> settings)
    {
        return Choose(name, Value("steps"), Value("seed"), setting => "the attested " + setting);

        int? Value(string setting) => settings.FirstOrDefault(s => s.StartsWith(setting + "=", StringComparison.Ordinal)) is { } text
            ? SettingText.Whole(text[(setting.Length + 1)..], "the attested " + setting)
            : null;
    }

    /// <summary>Makes the solver that a setting names.</summary>
    /// <param name="name">The name.</param>
    /// <param name="steps">The number of steps, or null for the default.</param>
    /// <param name="seed">The seed, or null for the default.</param>
    /// <param name="spelling">Spells a setting's name, given as <c>solver-steps</c>, the way its writer knows it.</param>
    /// <returns>The solver.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>, <see cref="EfrapCode.TorchTierMissing"/> where only
    /// the Torch tier has it, or what <see cref="SolverChoice.Create"/> throws.</exception>
    public Solver Choose(string name, int? steps, int? seed, Func<string, string> spelling)
    {
        if (Missing.Contains(name))
        {
            throw new EfrapException(
                EfrapCode.TorchTierMissing,
                $"{spelling("solver")} '{name}' needs the Torch tier, which is not installed: install the tool Efrap.Tool.Torch in place "
                + "of Efrap.Tool, or add the package Efrap.Build.Torch to the project.");
        }

        var choice = choices.FirstOrDefault(c => c.Name == name)
            ?? throw Wrong("solver", $"one of {string.Join(", ", Names)}", $"'{name}'");
        if (steps < 1)
            throw Wrong("solver-steps", "at least 1", $"{steps}");
        if (seed < 0)
            throw Wrong("solver-seed", "at least 0", $"{seed}");
        if (!choice.HasSettings && (steps is null ? seed is null ? null : "solver-seed" : "solver-steps") is { } idle)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{spelling(idle)} means nothing to the solver {name}; remove it.");
        return choice.Create(new SolverSettings(steps ?? SolverSettings.DefaultSteps, seed ?? 0));

        EfrapException Wrong(string setting, string expected, string given) =>
            new(EfrapCode.InvalidSetting, $"{spelling(setting)} must be {expected}, not {given}.");
    }
}
