using System.Runtime.Serialization;

namespace Efrap.Build.Tasks.Protocol;

/// <summary>The policy of a <see cref="WorkerRequest"/>: its file, and what the project overrides of it.</summary>
[DataContract]
internal sealed class PolicyRequest
{
    [DataMember(Name = "file", Order = 0, EmitDefaultValue = false)]
    public string? File { get; set; }

    [DataMember(Name = "profile", Order = 1, EmitDefaultValue = false)]
    public string? Profile { get; set; }

    [DataMember(Name = "thresholds", Order = 2, EmitDefaultValue = false)]
    public string[]? Thresholds { get; set; }

    [DataMember(Name = "severities", Order = 3, EmitDefaultValue = false)]
    public string[]? Severities { get; set; }

    [DataMember(Name = "require", Order = 4, EmitDefaultValue = false)]
    public string[]? Require { get; set; }
}
