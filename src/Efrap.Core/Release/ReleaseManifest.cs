using System.Text.Json.Serialization;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Release;

/// <summary>What a build says of the models that it ships: the content of <c>efrap.manifest.json</c>.</summary>
/// <param name="SchemaVersion">The version of the form, <see cref="CurrentVersion"/>.</param>
/// <param name="EngineVersion">The version of Efrap that looked at the models.</param>
/// <param name="Models">The models, each once.</param>
public sealed record ReleaseManifest(int SchemaVersion, string EngineVersion, IReadOnlyList<ManifestModel> Models)
{
    /// <summary>The version of the form that is read here.</summary>
    public const int CurrentVersion = 1;
}

/// <summary>A model that a build ships.</summary>
/// <param name="Model">The item as the project names it, with forward slashes.</param>
/// <param name="Action">What the build did with it.</param>
/// <param name="Listed">Whether the project lists it, or the build found it by itself.</param>
/// <param name="Sha256">SHA-256 of the bytes that ship, lower-case hexadecimal.</param>
/// <param name="Places">Where the build puts it.</param>
public sealed record ManifestModel(
    [property: JsonConverter(typeof(SentenceJson))] string Model,
    [property: JsonConverter(typeof(ManifestActionJson))] ManifestAction Action,
    bool Listed,
    [property: JsonConverter(typeof(DigestJson))] string Sha256,
    IReadOnlyList<ManifestPlace> Places)
{
    /// <summary>The files of its external data, named relative to its folder.</summary>
    public IReadOnlyList<ManifestFile> ExternalData { get => field ?? []; init; }

    /// <summary>The audit's verdict, waivers considered; null where nothing was audited.</summary>
    [JsonConverter(typeof(ManifestVerdictJson))]
    public Verdict? Verdict { get; init; }

    /// <summary>The last day, in UTC, on which all waivers that let it pass hold; null where it needed none.</summary>
    [JsonConverter(typeof(DayJson))]
    public DateOnly? WaivedUntil { get; init; }

    /// <summary>How it was rounded; null where it was not hardened.</summary>
    [JsonConverter(typeof(ManifestRoundingJson))]
    public ManifestRounding? Rounding { get; init; }

    /// <summary>SHA-256 of the model before it was hardened, lower-case hexadecimal; null where it was not.</summary>
    [JsonConverter(typeof(DigestJson))]
    public string? OriginalSha256 { get; init; }

    /// <summary>The statement that hardening wrote; null without one.</summary>
    public ManifestFile? Attestation { get; init; }
}

/// <summary>Where a build puts a model: a file below the output folder, or a resource of an assembly.</summary>
public sealed record ManifestPlace
{
    /// <summary>The path below the output or publish folder, with forward slashes; null for a resource.</summary>
    [JsonConverter(typeof(RelativePathJson))]
    public string? Path { get; init; }

    /// <summary>The assembly's path below that folder; null for a file.</summary>
    [JsonConverter(typeof(RelativePathJson))]
    public string? Assembly { get; init; }

    /// <summary>The name of the resource; null for a file.</summary>
    [JsonConverter(typeof(SentenceJson))]
    public string? Resource { get; init; }
}

/// <summary>A file that belongs to a model.</summary>
/// <param name="Name">Its path relative to the model's folder, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record ManifestFile(
    [property: JsonConverter(typeof(RelativePathJson))] string Name,
    [property: JsonConverter(typeof(DigestJson))] string Sha256);

/// <summary>What a build did with a model.</summary>
public enum ManifestAction
{
    /// <summary>Audited and hardened it.</summary>
    Harden,

    /// <summary>Audited it, and ships it as it is.</summary>
    Audit,

    /// <summary>Ships it as it is, without looking at it.</summary>
    Skip,
}

/// <summary>How a hardened model was rounded.</summary>
public enum ManifestRounding
{
    /// <summary>EFRAP rounding within the activation budget.</summary>
    Efrap,

    /// <summary>Nearest rounding.</summary>
    Nearest,

    /// <summary>EFRAP rounding by the solver as published, which has no budget.</summary>
    Paper,

    /// <summary>The same solver on moments of the data.</summary>
    PaperGram,
}
