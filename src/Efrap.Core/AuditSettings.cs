using Efrap.Core.Indicators;

namespace Efrap.Core;

/// <summary>The ranges of an audit's settings.</summary>
public static class AuditSettings
{
    /// <summary>Checks the options before any work is done.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> naming the setting.</exception>
    public static void Check(AuditOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Placebos < 1)
            throw SettingRanges.Invalid($"the number of placebos is {options.Placebos}; it must be at least 1.");
        if (options.SourcePath is null && options.Lattices.Contains(AuditLattice.AsQuantized))
            throw SettingRanges.Invalid($"the lattice {AuditLattice.AsQuantized.Name} is that of a quantized model beside its full-precision source, and no source is given.");
        SettingRanges.CheckThreads(options.Threads);
        if (options.ProbeTime < TimeSpan.Zero)
            throw SettingRanges.Invalid($"the trigger probe's time is {options.ProbeTime}; it cannot be negative.");
        SettingRanges.CheckSamples(options.Calibration?.Samples);
    }
}
