namespace Efrap.Cli.Worker;

/// <summary>What a build asks of the worker; <c>docs/worker-protocol.md</c> describes the file.</summary>
internal sealed record WorkerRequest
{
    /// <summary>The version of the protocol that this worker speaks.</summary>
    public const int SupportedVersion = 1;

    /// <summary>The version of the protocol.</summary>
    public required int Version { get; init; }

    /// <summary>The number of threads; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>The models, hardened one after the other.</summary>
    public required IReadOnlyList<WorkerModel> Models { get; init; }
}

/// <summary>One model of a request.</summary>
internal sealed record WorkerModel
{
    /// <summary>Names the model in every answer.</summary>
    public required string Id { get; init; }

    /// <summary>The full-precision model's path.</summary>
    public required string Model { get; init; }

    /// <summary>Where the hardened model goes.</summary>
    public required string Output { get; init; }

    /// <summary>Where the JSON report goes, or null for none.</summary>
    public string? Report { get; init; }

    /// <summary>The precision, spelt as on the command line.</summary>
    public required string Precision { get; init; }

    /// <summary>The granularity, spelt as on the command line, or null for the default.</summary>
    public string? Granularity { get; init; }

    /// <summary>The calibration file or folder.</summary>
    public required string Calibration { get; init; }

    /// <summary>What every value is multiplied by first, or null.</summary>
    public double? CalibrationScale { get; init; }

    /// <summary>Subtracted after scaling: one value, or one per channel; or null.</summary>
    public IReadOnlyList<double>? CalibrationMean { get; init; }

    /// <summary>Divided by last: one value, or one per channel; or null.</summary>
    public IReadOnlyList<double>? CalibrationStd { get; init; }

    /// <summary>The largest number of samples used, or null for all.</summary>
    public int? Samples { get; init; }

    /// <summary>The activation budget ρ, or null for the default.</summary>
    public double? Budget { get; init; }

    /// <summary>The solver, spelt as on the command line, or null for the default.</summary>
    public string? Solver { get; init; }

    /// <summary>The steps per layer of a solver that goes by steps, or null for the default.</summary>
    public int? SolverSteps { get; init; }

    /// <summary>The seed of such a solver, or null for the default.</summary>
    public int? SolverSeed { get; init; }
}
