namespace Efrap.Cli.Worker;

/// <summary>What a build asks of the worker; <c>docs/worker-protocol.md</c> describes the file.</summary>
internal sealed record WorkerRequest
{
    /// <summary>The version of the protocol that this worker speaks.</summary>
    public const int SupportedVersion = 2;

    /// <summary>The version of the protocol.</summary>
    public required int Version { get; init; }

    /// <summary>The number of threads; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>What a failed audit comes to: <c>enforce</c> an error, and the model is not hardened; <c>report</c> a warning.</summary>
    public string? Mode { get; init; }

    /// <summary>What the trigger probe may take per model, in seconds, or null for the default.</summary>
    public double? ProbeTime { get; init; }

    /// <summary>The folder that evidence names models relative to, such as the repository's root, or null for the working directory.</summary>
    public string? Root { get; init; }

    /// <summary>The lattices that are audited, separated by commas and spelt as on the command line, or null for all.</summary>
    public string? Lattices { get; init; }

    /// <summary>The policy that audits go by, or null for the default.</summary>
    public WorkerPolicy? Policy { get; init; }

    /// <summary>The models, one after the other.</summary>
    public required IReadOnlyList<WorkerModel> Models { get; init; }
}

/// <summary>The policy of a request.</summary>
internal sealed record WorkerPolicy
{
    /// <summary>The policy file, or null for none.</summary>
    public string? File { get; init; }

    /// <summary>The profile, or null for the file's.</summary>
    public string? Profile { get; init; }

    /// <summary>Thresholds that override the file's, each <c>INDICATOR=X</c>.</summary>
    public IReadOnlyList<string>? Thresholds { get; init; }

    /// <summary>Severities that override the file's, each <c>INDICATOR=pass</c>, <c>warn</c> or <c>fail</c>.</summary>
    public IReadOnlyList<string>? Severities { get; init; }

    /// <summary>Required indicators beside the file's.</summary>
    public IReadOnlyList<string>? Require { get; init; }
}

/// <summary>One model of a request.</summary>
internal sealed record WorkerModel
{
    /// <summary>Names the model in every answer.</summary>
    public required string Id { get; init; }

    /// <summary><c>harden</c>, which audits first, or <c>audit</c>; null for <c>harden</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Whether the project lists the model; null for yes. Of one that it does not list, problems are warnings, and the line
    /// that would list it is shown.</summary>
    public bool? IsListed { get; init; }

    /// <summary>The model's path.</summary>
    public required string Model { get; init; }

    /// <summary>The full-precision model that a quantized one was made from, or null.</summary>
    public string? Source { get; init; }

    /// <summary>Whether <see cref="Source"/> is only what the model's name implies: it counts where the model is quantized, and what its
    /// file decides is then not asked for; null for no.</summary>
    public bool? SourceIsImplied { get; init; }

    /// <summary>Where the hardened model goes; for a model that is only audited, a file that says that it passed.</summary>
    public required string Output { get; init; }

    /// <summary>Where the JSON report of hardening goes, or null for none.</summary>
    public string? Report { get; init; }

    /// <summary>Where the audit's evidence goes: a path to which <c>.audit.json</c> and other endings are added; null for none.</summary>
    public string? Evidence { get; init; }

    /// <summary>The precision, spelt as on the command line; required where the model is hardened.</summary>
    public string? Precision { get; init; }

    /// <summary>The granularity, spelt as on the command line, or null for the default.</summary>
    public string? Granularity { get; init; }

    /// <summary>The calibration file or folder; required where the model is hardened.</summary>
    public string? Calibration { get; init; }

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

    /// <summary>Steps of gradient descent per layer, or null for the default.</summary>
    public int? SolverSteps { get; init; }

    /// <summary>The seed of the solver's batches, or null for the default.</summary>
    public int? SolverSeed { get; init; }
}
