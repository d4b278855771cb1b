using System.Runtime.Serialization;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>One model of the manifest; in a worker's record, without <see cref="Model"/>, <see cref="Listed"/> and <see cref="Places"/>.</summary>
[DataContract]
internal sealed class ManifestModel
{
    /// <summary>Its path below the project's folder, with forward slashes.</summary>
    [DataMember(Name = "model")]
    public string Model { get; set; } = "";

    /// <summary><c>harden</c>, <c>audit</c> or <c>skip</c>.</summary>
    [DataMember(Name = "action")]
    public string Action { get; set; } = "";

    /// <summary>Whether an <c>EfrapModel</c> names it.</summary>
    [DataMember(Name = "listed")]
    public bool Listed { get; set; }

    /// <summary>SHA-256 of the bytes that ship, lower-case hexadecimal.</summary>
    [DataMember(Name = "sha256")]
    public string Sha256 { get; set; } = "";

    /// <summary>The files of external data that ship with it, by paths below its own folder; null for none.</summary>
    [DataMember(Name = "externalData")]
    public ManifestFile[]? ExternalData { get; set; }

    /// <summary>The audit's verdict; null where there was none.</summary>
    [DataMember(Name = "verdict")]
    public string? Verdict { get; set; }

    /// <summary>The last day of the waiver that ends first, <c>yyyy-MM-dd</c>; null without one.</summary>
    [DataMember(Name = "waivedUntil")]
    public string? WaivedUntil { get; set; }

    /// <summary>How a hardened model was rounded.</summary>
    [DataMember(Name = "rounding")]
    public string? Rounding { get; set; }

    /// <summary>SHA-256 of the model that was hardened.</summary>
    [DataMember(Name = "originalSha256")]
    public string? OriginalSha256 { get; set; }

    /// <summary>The statement on how it was hardened; its name is that of its file.</summary>
    [DataMember(Name = "attestation")]
    public ManifestFile? Attestation { get; set; }

    /// <summary>Where the build puts it.</summary>
    [DataMember(Name = "places")]
    public ManifestPlace[] Places { get; set; } = [];
}

/// <summary>A file and its digest.</summary>
[DataContract]
internal sealed class ManifestFile
{
    /// <summary>Its name.</summary>
    [DataMember(Name = "name")]
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of its bytes, lower-case hexadecimal.</summary>
    [DataMember(Name = "sha256")]
    public string Sha256 { get; set; } = "";
}

/// <summary>A place that a model ships in: a file, or a resource of an assembly.</summary>
[DataContract]
internal sealed class ManifestPlace
{
    /// <summary>The path below the output or publish folder, with forward slashes; null for a resource.</summary>
    [DataMember(Name = "path")]
    public string? Path { get; set; }

    /// <summary>The assembly's path below that folder; null for a file.</summary>
    [DataMember(Name = "assembly")]
    public string? Assembly { get; set; }

    /// <summary>The resource's name in the assembly's manifest; null for a file.</summary>
    [DataMember(Name = "resource")]
    public string? Resource { get; set; }
}
