using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core;

/// <summary>What <see cref="Audit"/> is asked to do.</summary>
/// <param name="ModelPath">The model: full-precision, or quantized where <see cref="SourcePath"/> says what it was made from.</param>
public sealed record AuditOptions(string ModelPath)
{
    /// <summary>The full-precision model that a quantized one was made from; null where the model is full-precision itself.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The samples that indicators are measured on, or null: what needs them is then not measured.</summary>
    public CalibrationOptions? Calibration { get; init; }

    /// <summary>Where weights are rounded to; by default the common lattices, and those of the file itself where it is quantized.</summary>
    public IReadOnlyList<AuditLattice> Lattices { get => field ?? AuditLattice.Applicable(SourcePath is not null); init; }

    /// <summary>What is measured, on every lattice.</summary>
    public IReadOnlyList<Indicator> Indicators { get; init; } = Indicator.OfEngine;

    /// <summary>R, the number of placebo-rounded models that each figure is compared with, at least 1. The smallest p-value is
    /// 1 / (R + 1).</summary>
    public int Placebos { get; init; } = 19;

    /// <summary>Decides the placebos and the steps of the trigger probe.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of threads; 0 for one per processor. As long as no time budget ends, results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>What the trigger probe may take, over all lattices.</summary>
    public TimeSpan ProbeTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the verdict goes by: the policy's file and what settings override of it.</summary>
    public AuditPolicy Policy { get; init; } = new();

    /// <summary>The file that the policy comes from, for the report; null where there is none.</summary>
    public PolicyFile? PolicyFile { get; init; }

    /// <summary>The clock that waivers expire by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The files that are left.</summary>
    public AuditEvidence Evidence { get; init; } = AuditEvidence.None;
}
