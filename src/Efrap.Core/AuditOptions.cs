using Efrap.Core.Calibration;
using Efrap.Core.Indicators;

namespace Efrap.Core;

/// <summary>What <see cref="Audit"/> is asked to do.</summary>
/// <param name="ModelPath">The full-precision model.</param>
public sealed record AuditOptions(string ModelPath)
{
    /// <summary>The samples that indicators are measured on, or null: what needs them is then not measured.</summary>
    public CalibrationOptions? Calibration { get; init; }

    /// <summary>Where weights are rounded to.</summary>
    public IReadOnlyList<AuditLattice> Lattices { get; init; } = AuditLattice.Common;

    /// <summary>What is measured, on every lattice.</summary>
    public IReadOnlyList<Indicator> Indicators { get; init; } = Indicator.OfEngine;

    /// <summary>Where the JSON report goes, or null for none.</summary>
    public string? ReportPath { get; init; }
}
