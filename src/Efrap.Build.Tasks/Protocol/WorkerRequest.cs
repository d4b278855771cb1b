using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;

namespace Efrap.Build.Tasks.Protocol;

/// <summary>The request file of <c>docs/worker-protocol.md</c>.</summary>
[DataContract]
internal sealed class WorkerRequest
{
    [DataMember(Name = "version", Order = 0)]
    public int Version { get; set; } = 2;

    [DataMember(Name = "threads", Order = 1)]
    public int Threads { get; set; }

    [DataMember(Name = "mode", Order = 2)]
    public string Mode { get; set; } = "";

    [DataMember(Name = "probeTime", Order = 2, EmitDefaultValue = false)]
    public double? ProbeTime { get; set; }

    [DataMember(Name = "root", Order = 2, EmitDefaultValue = false)]
    public string? Root { get; set; }

    [DataMember(Name = "lattices", Order = 2, EmitDefaultValue = false)]
    public string? Lattices { get; set; }

    [DataMember(Name = "policy", Order = 2)]
    public PolicyRequest Policy { get; set; } = new();

    [DataMember(Name = "models", Order = 3)]
    public ModelRequest[] Models { get; set; } = [];

    /// <summary>Writes the request as UTF-8 JSON without a byte order mark, replacing what was there.</summary>
    /// <param name="path">The file to write.</param>
    public void WriteTo(string path)
    {
        using FileStream file = File.Create(path);
        new DataContractJsonSerializer(typeof(WorkerRequest)).WriteObject(file, this);
    }
}
