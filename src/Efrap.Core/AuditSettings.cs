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
            throw Invalid($"the number of placebos is {options.Placebos}; it must be at least 1.");
        if (options.SourcePath is null && options.Lattices.Contains(AuditLattice.AsQuantized))
            throw Invalid($"the lattice {AuditLattice.AsQuantized.Name} is that of a quantized model beside its full-precision source, and no source is given.");
        if (options.Threads < 0)
            throw Invalid($"the number of threads is {options.Threads}; it must be at least 1, or 0 for one per processor.");
        if (options.ProbeTime < TimeSpan.Zero)
            throw Invalid($"the trigger probe's time is {options.ProbeTime}; it cannot be negative.");
        if (options.Calibration?.Samples is < 1)
            throw Invalid($"the number of samples is {options.Calibration.Samples}; it must be at least 1.");
    }

    private static EfrapException Invalid(string what) => new(EfrapCode.InvalidSetting, what);
}
