using System.Globalization;
using Efrap.Core;
using Efrap.Core.Calibration;

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
        Require(options.Budget is > 0 and <= 1, spelling("budget"), "above 0 and at most 1", options.Budget);
        Require(options.Threads >= 0, spelling("threads"), "0 (one per processor) or more", options.Threads);
        CheckCalibration(options.Calibration, spelling);
        CheckPaths(
            [("model", options.ModelPath), ("source", options.SourcePath), ("calibration", options.Calibration.Path)],
            [("output", options.OutputPath), ("report", options.ReportPath), ("attestation", options.AttestationPath)],
            spelling);
    }

    /// <summary>Checks every setting.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="spelling">Spells a setting's name, given as <c>calibration-scale</c>, the way its writer knows it.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> for the first that breaks its rule.</exception>
    public static void Check(AuditOptions options, Func<string, string> spelling)
    {
        Require(options.Placebos is >= 1 and <= 999, spelling("placebos"), "from 1 to 999", options.Placebos);
        Require(options.ProbeTime >= TimeSpan.Zero, spelling("probe-time"), "0 or more", options.ProbeTime.TotalSeconds);
        Require(options.Threads >= 0, spelling("threads"), "0 (one per processor) or more", options.Threads);
        if (options.Calibration is { } calibration)
            CheckCalibration(calibration, spelling);
        var evidence = options.Evidence;
        CheckPaths(
            [("model", options.ModelPath), ("source", options.SourcePath), ("calibration", options.Calibration?.Path)],
            [("report", evidence.ReportPath), ("sarif", evidence.SarifPath), ("html", evidence.HtmlPath), ("statement", evidence.StatementPath)],
            spelling);
        if (evidence.SarifRoot is { } root)
            CheckPath(root, spelling("sarif-root"));
    }

    /// <summary>Checks every setting.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="spelling">Spells a setting's name, given as <c>calibration-scale</c>, the way its writer knows it.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> for the first that breaks its rule.</exception>
    public static void Check(VerifyOptions options, Func<string, string> spelling)
    {
        if (options.Budget is { } budget)
            Require(budget is > 0 and <= 1, spelling("budget"), "above 0 and at most 1", budget);
        Require(options.Threads >= 0, spelling("threads"), "0 (one per processor) or more", options.Threads);
        if (options.Calibration is { } calibration)
            CheckCalibration(calibration, spelling);
        CheckPaths(
            [("model", options.ModelPath), ("source", options.SourcePath), ("calibration", options.Calibration?.Path), ("attestation", options.AttestationPath)],
            [("report", options.ReportPath)],
            spelling);
    }

    /// <summary>Checks every setting.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="spelling">Spells a setting's name, given as <c>report</c>, the way its writer knows it.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> for the first that breaks its rule.</exception>
    public static void Check(VerifyReleaseOptions options, Func<string, string> spelling) =>
        CheckPaths([("model", options.Path), ("manifest", options.ManifestPath)], [("report", options.ReportPath)], spelling);

    /// <summary>Checks that a text can be a path at all.</summary>
    /// <param name="path">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static void CheckPath(string path, string setting)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw Wrong($"{setting} must be a path.");
    }

    private static void CheckCalibration(CalibrationOptions calibration, Func<string, string> spelling)
    {
        if (calibration.Samples is { } samples)
            Require(samples >= 1, spelling("samples"), "at least 1", samples);
        if (calibration.Scale is { } scale)
            Require(double.IsFinite(scale) && scale != 0, spelling("calibration-scale"), "a finite number other than 0", scale);
        foreach (var mean in calibration.Mean ?? [])
            Require(double.IsFinite(mean), spelling("calibration-mean"), "finite numbers", mean);
        foreach (var std in calibration.Std ?? [])
            Require(double.IsFinite(std) && std != 0, spelling("calibration-std"), "finite numbers other than 0", std);
    }

    private static void Require(bool holds, string setting, string rule, double value)
    {
        if (!holds)
            throw Wrong($"{setting} must be {rule}, not {value.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static void CheckPaths(
        IReadOnlyList<(string Name, string? Path)> read, IReadOnlyList<(string Name, string? Path)> written, Func<string, string> spelling)
    {
        var inputs = Given(read);
        var outputs = Given(written);
        foreach (var (name, path) in inputs.Concat(outputs))
            CheckPath(path, spelling(name));

        foreach (var (name, path) in outputs)
        {
            if (inputs.Any(input => IsSame(input.Path, path)))
                throw Wrong($"{spelling(name)} names a file that is read, '{path}'; choose another path.");
            if (Directory.Exists(path))
                throw Wrong($"{spelling(name)} names a folder, '{path}'; give a file's path.");
        }

        foreach (var (second, index) in outputs.Select((output, index) => (output, index)))
        {
            if (outputs.Take(index).FirstOrDefault(o => IsSame(o.Path, second.Path)) is { Path: not null } first)
                throw Wrong($"{spelling(second.Name)} and {spelling(first.Name)} name the same file, '{second.Path}'.");
        }

        static IReadOnlyList<(string Name, string Path)> Given(IEnumerable<(string Name, string? Path)> paths) =>
            [.. paths.Where(p => p.Path is not null).Select(p => (p.Name, p.Path!))];
    }

    private static bool IsSame(string a, string b) => string.Equals(
        Path.GetFullPath(a),
        Path.GetFullPath(b),
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static EfrapException Wrong(string message) => new(EfrapCode.InvalidSetting, message);
}
