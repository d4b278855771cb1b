using Efrap.Core.Calibration;

namespace Efrap.Core;

/// <summary>What <see cref="Verify"/> is asked to do.</summary>
/// <param name="ModelPath">The quantized model.</param>
public sealed record VerifyOptions(string ModelPath)
{
    /// <summary>The full-precision model that it was made from; null to say only what the file itself shows.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The samples that activations are measured on; null to say only what the weights show. Needs a source.</summary>
    public CalibrationOptions? Calibration { get; init; }

    /// <summary>ρ, above 0 and at most 1: the budget that EFRAP rounding is held to.</summary>
    public double Budget { get; init; } = HardenOptions.DefaultBudget;

    /// <summary>The number of threads; 0 for one per processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Where the JSON report goes, or null for none.</summary>
    public string? ReportPath { get; init; }
}

/// <summary>How far verifying has come.</summary>
/// <param name="Step">What is being done: <c>reading</c>, <c>measuring</c> or <c>layer</c>.</param>
/// <param name="Layer">The layer just finished, or null outside the layers.</param>
/// <param name="LayersDone">The number of layers finished.</param>
/// <param name="LayerCount">The number of layers; 0 while not yet known.</param>
public readonly record struct VerifyProgress(string Step, string? Layer, int LayersDone, int LayerCount);
