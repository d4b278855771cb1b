namespace Efrap.Core;

/// <summary>The ranges of what <see cref="Verify"/> is asked.</summary>
internal static class VerifySettings
{
    /// <summary>Checks the options before any work is done.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> naming the setting.</exception>
    internal static void Check(VerifyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SettingRanges.CheckBudget(options.Budget);
        SettingRanges.CheckThreads(options.Threads);
        if (options.Calibration is not null && options.SourcePath is null)
            throw SettingRanges.Invalid("calibration data was given without a source; activations are compared with those of the full-precision model.");
        SettingRanges.CheckSamples(options.Calibration?.Samples);
        foreach (var (name, path) in new[]
        {
            ("model", options.ModelPath), ("source", options.SourcePath), ("calibration", options.Calibration?.Path), ("report", options.ReportPath),
        })
        {
            if (path is not null && string.IsNullOrWhiteSpace(path))
                throw SettingRanges.Invalid($"the path of the {name} is empty.");
        }

        if (options.ReportPath is { } report
            && new[] { options.ModelPath, options.SourcePath }.Any(p => p is not null && Path.GetFullPath(p) == Path.GetFullPath(report)))
        {
            throw SettingRanges.Invalid("the report is a file that is read; choose another path.");
        }
    }
}
