using System.CommandLine;
using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Policies;

namespace Efrap.Cli.Commands;

/// <summary>The options that say which policy a verdict goes by.</summary>
internal sealed class PolicyArguments
{
    private readonly PolicyFileArguments _file = new();

    private readonly Option<string> _profile = new("--profile")
    {
        Description = "How strict to be where the policy says nothing: with 'strict', missing calibration data and a used-up time budget fail.",
        HelpName = "default|strict",
    };

    private readonly Option<string[]> _threshold = new("--threshold")
    {
        Description = "The figure from which an indicator is beyond its threshold; may be repeated.",
        HelpName = "INDICATOR=X",
    };

    private readonly Option<string[]> _severity = new("--severity")
    {
        Description = "What an indicator beyond its threshold comes to; may be repeated.",
        HelpName = "INDICATOR=pass|warn|fail",
    };

    private readonly Option<string[]> _require = new("--require")
    {
        Description = "Fail where this indicator cannot be measured; may be repeated.",
        HelpName = "INDICATOR",
    };

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [.. _file.Options, _profile, _threshold, _severity, _require];

    /// <summary>Reads the settings, and the policy file if there is one.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <returns>The effective policy, and its file for the report.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.PolicyInvalid"/> or <see cref="EfrapCode.InvalidSetting"/>.</exception>
    public (AuditPolicy Policy, PolicyFile? File) Read(ParseResult parsed)
    {
        return new PolicySettings
        {
            File = _file.Path(parsed),
            Profile = parsed.GetValue(_profile),
            Thresholds = parsed.GetValue(_threshold) ?? [],
            Severities = parsed.GetValue(_severity) ?? [],
            Required = parsed.GetValue(_require) ?? [],
        }.Read(name => "--" + name);
    }
}
