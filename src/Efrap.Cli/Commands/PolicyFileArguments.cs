using System.CommandLine;
using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Policies;

namespace Efrap.Cli.Commands;

/// <summary>The options that say where the policy is: the same for every verb that goes by one.</summary>
internal sealed class PolicyFileArguments
{
    private readonly Option<string> _file = new("--policy")
    {
        Description = $"The policy file [default: the nearest {PolicyFile.DefaultName}, from the working folder upward].",
        HelpName = "FILE",
    };

    private readonly Option<bool> _none = new("--no-policy") { Description = $"Look for no {PolicyFile.DefaultName}." };

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [_file, _none];

    /// <summary>Reads where it is.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <returns>The file, or null where there is none.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public string? Path(ParseResult parsed)
    {
        if (parsed.GetValue(_none) && parsed.GetValue(_file) is not null)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{_file.Name} and {_none.Name} contradict each other.");
        if (parsed.GetValue(_file) is { } path)
            SettingRules.CheckPath(path, _file.Name);
        return parsed.GetValue(_none) ? null : parsed.GetValue(_file) ?? PolicyFile.Find(Directory.GetCurrentDirectory());
    }
}
