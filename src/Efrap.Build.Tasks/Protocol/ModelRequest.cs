using System.Runtime.Serialization;

namespace Efrap.Build.Tasks.Protocol;

/// <summary>One model of a <see cref="WorkerRequest"/>. What is null is left out of the JSON: the worker has its own default.</summary>
[DataContract]
internal sealed class ModelRequest
{
    [DataMember(Name = "id", Order = 0)]
    public string Id { get; set; } = "";

    [DataMember(Name = "model", Order = 1)]
    public string Model { get; set; } = "";

    [DataMember(Name = "action", Order = 1)]
    public string Action { get; set; } = "";

    [DataMember(Name = "isListed", Order = 1, EmitDefaultValue = false)]
    public bool? IsListed { get; set; }

    [DataMember(Name = "source", Order = 2, EmitDefaultValue = false)]
    public string? Source { get; set; }

    [DataMember(Name = "sourceIsImplied", Order = 2, EmitDefaultValue = false)]
    public bool? SourceIsImplied { get; set; }

    [DataMember(Name = "output", Order = 2)]
    public string Output { get; set; } = "";

    [DataMember(Name = "report", Order = 3)]
    public string Report { get; set; } = "";

    [DataMember(Name = "evidence", Order = 3)]
    public string Evidence { get; set; } = "";

    [DataMember(Name = "precision", Order = 4, EmitDefaultValue = false)]
    public string? Precision { get; set; }

    [DataMember(Name = "calibration", Order = 5, EmitDefaultValue = false)]
    public string? Calibration { get; set; }

    [DataMember(Name = "calibrationScale", Order = 6, EmitDefaultValue = false)]
    public double? CalibrationScale { get; set; }

    [DataMember(Name = "calibrationMean", Order = 7, EmitDefaultValue = false)]
    public double[]? CalibrationMean { get; set; }

    [DataMember(Name = "calibrationStd", Order = 8, EmitDefaultValue = false)]
    public double[]? CalibrationStd { get; set; }

    [DataMember(Name = "samples", Order = 9, EmitDefaultValue = false)]
    public int? Samples { get; set; }

    [DataMember(Name = "budget", Order = 9, EmitDefaultValue = false)]
    public double? Budget { get; set; }

    [DataMember(Name = "solver", Order = 10, EmitDefaultValue = false)]
    public string? Solver { get; set; }

    [DataMember(Name = "solverSteps", Order = 11, EmitDefaultValue = false)]
    public int? SolverSteps { get; set; }

    [DataMember(Name = "solverSeed", Order = 12, EmitDefaultValue = false)]
    public int? SolverSeed { get; set; }

    [DataMember(Name = "granularity", Order = 13, EmitDefaultValue = false)]
    public string? Granularity { get; set; }
}
