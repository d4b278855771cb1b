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
        if (options.Budget is { } budget)
            SettingRanges.CheckBudget(budget);
        SettingRanges.CheckThreads(options.Threads);
        if (options.Calibration is not null && options.SourcePath is null)
            throw SettingRanges.Invalid("calibration data was given without a source; activations are compared with those of the full-precision model.");
        if (options.Replay && options is not { AttestationPath: not null, SourcePath: not null, Calibration: not null })
            throw SettingRanges.Invalid("a replay was asked for without an attestation, a source and calibration data; it needs all three.");
        SettingRanges.CheckSamples(options.Calibration?.Samples);
        foreach (var (name, path) in new[]
        {
            ("model", options.ModelPath), ("source", options.SourcePath), ("calibration", options.Calibration?.Path),
            ("attestation", options.AttestationPath), ("report", options.ReportPath),
        })
        {
            if (path is not null && string.IsNullOrWhiteSpace(path))
                throw SettingRanges.Invalid($"the path of the {name} is empty.");
        }

        if (options.ReportPath is { } report
            && new[] { options.ModelPath, options.SourcePath, options.AttestationPath }.Any(p => p is not null && Path.GetFullPath(p) == Path.GetFullPath(report)))
        {
            throw SettingRanges.Invalid("the report is a file that is read; choose another path.");
        }
    }
}
