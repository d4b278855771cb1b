using Efrap.Core.Calibration;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core;

/// <summary>What <see cref="Harden"/> is asked to do.</summary>
/// <param name="ModelPath">The full-precision model; with <see cref="SourcePath"/> the quantized one.</param>
/// <param name="OutputPath">Where the hardened model goes.</param>
/// <param name="Calibration">The samples that activations are measured on.</param>
public sealed record HardenOptions(string ModelPath, string OutputPath, CalibrationOptions Calibration)
{
    /// <summary>The activation budget ρ where none is given.</summary>
    public const double DefaultBudget = 0.5;

    /// <summary>The full-precision model that a quantized one was made from: then only the integers of that change, and the file decides
    /// what weights and activations are stored as. Null for a full-precision model.</summary>
    public string? SourcePath { get; init; }

    /// <summary>What weights and activations are stored as.</summary>
    public Precision Precision { get; init; } = Precision.Int8;

    /// <summary>How many weights share one scale.</summary>
    public Granularity Granularity { get; init; } = Granularity.PerChannel;

    /// <summary>How weights are rounded.</summary>
    public Solver Solver { get; init; } = Solver.Budget;

    /// <summary>ρ, above 0 and at most 1: a layer's activation error may be this share of nearest rounding's.</summary>
    public double Budget { get; init; } = DefaultBudget;

    /// <summary>The number of threads; 0 for one per processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Where the JSON report goes, or null for none.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Where the attestation goes, an in-toto statement about the hardened file; or null for none.</summary>
    public string? AttestationPath { get; init; }
}
