using Efrap.Core.Calibration;
using Efrap.Core.Policies;
using Efrap.Core.Rounding;

namespace Efrap.Core;

/// <summary>What <see cref="Verify"/> is asked to do.</summary>
/// <param name="ModelPath">The quantized model.</param>
public sealed record VerifyOptions(string ModelPath)
{
    /// <summary>The full-precision model that it was made from; null to say only what the file itself shows.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The samples that activations are measured on; null to say only what the weights show. Needs a source.</summary>
    public CalibrationOptions? Calibration { get; init; }

    /// <summary>What hardening stated of the model; null for none. What it was told then goes for what is left out here.</summary>
    public string? AttestationPath { get; init; }

    /// <summary>Whether the model is hardened again, with what was attested, and its integers compared. Needs an attestation, the source
    /// and the calibration data.</summary>
    public bool Replay { get; init; }

    /// <summary>Makes a solver from the name and the settings that an attestation has; only <see cref="Replay"/> asks.</summary>
    public Func<string, IReadOnlyList<string>, Solver> Solvers { get; init; } = (name, _) => Solver.All.FirstOrDefault(s => s.Name == name)
        ?? throw new EfrapException(EfrapCode.TorchTierMissing, $"the solver '{name}' is not part of this engine.");

    /// <summary>What is accepted beside EFRAP rounding.</summary>
    public AuditPolicy Policy { get; init; } = new();

    /// <summary>The file that the policy comes from, or null.</summary>
    public PolicyFile? PolicyFile { get; init; }

    /// <summary>ρ, above 0 and at most 1: the budget that EFRAP rounding is held to; null for the attested one, and without an attestation
    /// for <see cref="HardenOptions.DefaultBudget"/>.</summary>
    public double? Budget { get; init; }

    /// <summary>The number of threads; 0 for one per processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Where the JSON report goes, or null for none.</summary>
    public string? ReportPath { get; init; }
}

/// <summary>How far verifying has come.</summary>
/// <param name="Step">What is being done: <c>reading</c>, <c>measuring</c>, <c>layer</c> or <c>replaying</c>.</param>
/// <param name="Layer">The layer just finished, or null outside the layers.</param>
/// <param name="LayersDone">The number of layers finished.</param>
/// <param name="LayerCount">The number of layers; 0 while not yet known.</param>
public readonly record struct VerifyProgress(string Step, string? Layer, int LayersDone, int LayerCount);
