using Efrap.Core;
using Efrap.Core.Policies;

namespace Efrap.Cli.Settings;

/// <summary>Which policy an audit goes by, and what settings override of it: the same for the command line and for the worker.</summary>
internal sealed record PolicySettings
{
    /// <summary>The policy file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The profile, or null for the file's.</summary>
    public string? Profile { get; init; }

    /// <summary>Thresholds, each <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Thresholds { get; init; } = [];

    /// <summary>Severities, each <c>NAME=pass</c>, <c>warn</c> or <c>fail</c>.</summary>
    public IReadOnlyList<string> Severities { get; init; } = [];

    /// <summary>Names of required indicators.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Reads the file and lays the settings over it.</summary>
    /// <param name="spelling">Spells a setting's name, given as <c>threshold</c>, the way its writer knows it.</param>
    /// <returns>The effective policy, and its file for the report.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.PolicyInvalid"/> or <see cref="EfrapCode.InvalidSetting"/>.</exception>
    public (AuditPolicy Policy, PolicyFile? File) Read(Func<string, string> spelling)
    {
        var file = File is null ? null : PolicyFile.Read(File);
        var policy = file?.Policy ?? new AuditPolicy();
        if (Profile is not null)
            policy = policy with { Profile = Choice<PolicyProfile>(Profile, spelling("profile")) };

        var rules = new SortedDictionary<string, IndicatorRule>(policy.Indicators.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in Thresholds.Select(t => Pair(t, spelling("threshold"))))
            rules[name] = rules.GetValueOrDefault(name, new()) with { Threshold = Threshold(value, spelling("threshold")) };
        foreach (var (name, value) in Severities.Select(s => Pair(s, spelling("severity"))))
            rules[name] = rules.GetValueOrDefault(name, new()) with { Severity = Choice<Consequence>(value, spelling("severity")) };
        foreach (var name in Required.Select(r => Known(r, spelling("require"))))
            rules[name] = rules.GetValueOrDefault(name, new()) with { Required = true };
        return (policy with { Indicators = rules }, file);
    }

    private static (string Name, string Value) Pair(string text, string setting) => text.Split('=') is [var name, var value]
        ? (Known(name.Trim(), setting), value.Trim())
        : throw Wrong($"{setting} must be an indicator's name, '=' and a value, not '{text}'.");

    private static string Known(string name, string setting) => IndicatorNames.All.Contains(name)
        ? name
        : throw Wrong($"{setting} names '{name}'; the indicators are {string.Join(", ", IndicatorNames.All)}.");

    private static double Threshold(string text, string setting) => SettingText.Number(text, setting) is > 0 and var value
        ? value
        : throw Wrong($"{setting} must have a value above 0, not {text}.");

    private static T Choice<T>(string text, string setting)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return SettingText.Choice(text, setting, [.. values.Select(v => v.ToString().ToLowerInvariant())], values);
    }

    private static EfrapException Wrong(string message) => new(EfrapCode.InvalidSetting, message);
}
