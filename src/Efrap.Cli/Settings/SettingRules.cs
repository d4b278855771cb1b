using System.Globalization;
using Efrap.Core;

namespace Efrap.Cli.Settings;

/// <summary>The ranges that settings must lie in, checked before any file is opened.</summary>
internal static class SettingRules
{
    /// <summary>Checks every setting.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="spelling">Spells a setting's name, given as <c>calibration-scale</c>, the way its writer knows it.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> for the first that breaks its rule.</exception>
    public static void Check(HardenOptions options, Func<string, string> spelling)
    {
        var calibration = options.Calibration;
        Require(options.Budget is > 0 and <= 1, "budget", "above 0 and at most 1", options.Budget);
        Require(options.Threads >= 0, "threads", "0 (one per processor) or more", options.Threads);
        if (calibration.Samples is { } samples)
            Require(samples >= 1, "samples", "at least 1", samples);
        if (calibration.Scale is { } scale)
            Require(double.IsFinite(scale) && scale != 0, "calibration-scale", "a finite number other than 0", scale);
        foreach (var mean in calibration.Mean ?? [])
            Require(double.IsFinite(mean), "calibration-mean", "finite numbers", mean);
        foreach (var std in calibration.Std ?? [])
            Require(double.IsFinite(std) && std != 0, "calibration-std", "finite numbers other than 0", std);
        CheckPaths(options, spelling);

        void Require(bool holds, string name, string rule, double value)
        {
            if (!holds)
                throw Wrong($"{spelling(name)} must be {rule}, not {value.ToString(CultureInfo.InvariantCulture)}.");
        }
    }

    /// <summary>Checks that a text can be a path at all.</summary>
    /// <param name="path">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static void CheckPath(string path, string setting)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw Wrong($"{setting} must be a path.");
    }

    private static void CheckPaths(HardenOptions options, Func<string, string> spelling)
    {
        var inputs = new[] { ("model", options.ModelPath), ("calibration", options.Calibration.Path) };
        var outputs = new List<(string Name, string Path)> { ("output", options.OutputPath) };
        if (options.ReportPath is { } report)
            outputs.Add(("report", report));
        foreach (var (name, path) in inputs.Concat(outputs))
            CheckPath(path, spelling(name));

        foreach (var (name, path) in outputs)
        {
            if (inputs.Any(input => IsSame(input.Item2, path)))
                throw Wrong($"{spelling(name)} names a file that is read, '{path}'; choose another path.");
            if (Directory.Exists(path))
                throw Wrong($"{spelling(name)} names a folder, '{path}'; give a file's path.");
        }

        if (outputs is [var first, var second] && IsSame(first.Path, second.Path))
            throw Wrong($"{spelling(second.Name)} and {spelling(first.Name)} name the same file, '{second.Path}'.");
    }

    private static bool IsSame(string a, string b) => string.Equals(
        Path.GetFullPath(a),
        Path.GetFullPath(b),
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static EfrapException Wrong(string message) => new(EfrapCode.InvalidSetting, message);
}
