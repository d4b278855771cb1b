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
        if (!(options.Budget > 0 && options.Budget <= 1))
            throw Invalid($"the activation budget is {options.Budget}; it must lie above 0 and at most at 1.");
        if (options.Threads < 0)
            throw Invalid($"the number of threads is {options.Threads}; it must be at least 1, or 0 for one per processor.");
        if (options.Calibration is not null && options.SourcePath is null)
            throw Invalid("calibration data was given without a source; activations are compared with those of the full-precision model.");
        if (options.Calibration?.Samples is < 1)
            throw Invalid($"the number of samples is {options.Calibration.Samples}; it must be at least 1.");
        foreach (var (name, path) in new[]
        {
            ("model", options.ModelPath), ("source", options.SourcePath), ("calibration", options.Calibration?.Path), ("report", options.ReportPath),
        })
        {
            if (path is not null && string.IsNullOrWhiteSpace(path))
                throw Invalid($"the path of the {name} is empty.");
        }

        if (options.ReportPath is { } report
            && new[] { options.ModelPath, options.SourcePath }.Any(p => p is not null && Path.GetFullPath(p) == Path.GetFullPath(report)))
        {
            throw Invalid("the report is a file that is read; choose another path.");
        }
    }

    private static EfrapException Invalid(string what) => new(EfrapCode.InvalidSetting, what);
}
