using System.Text.Json.Serialization;
using Efrap.Core.Indicators;
using Efrap.Core.Release;

namespace Efrap.Core.Evidence;

/// <summary>What was found in a release. Holds no time stamps and no absolute paths: same inputs, same report, but for waivers, whose last
/// day is compared with today.</summary>
public sealed record ReleaseReport
{
    /// <summary>The engine's version.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>The name of the folder or file, without its folder.</summary>
    public required string Release { get; init; }

    /// <summary>What it is: <c>folder</c>, <c>archive</c>, <c>package</c>, <c>assembly</c> or <c>single-file app</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The manifest that it was held to.</summary>
    public required ReleaseManifestRecord Manifest { get; init; }

    /// <summary>Whether it passes.</summary>
    public required ReleaseVerdict Verdict { get; init; }

    /// <summary>The models that were found, in the order of their places.</summary>
    public required IReadOnlyList<ReleasedModel> Models { get; init; }

    /// <summary>The models of the manifest that are not here.</summary>
    public required IReadOnlyList<string> NotHere { get; init; }

    /// <summary>What was not looked into.</summary>
    public required IReadOnlyList<UncheckedFile> NotChecked { get; init; }

    /// <summary>Why it does not pass.</summary>
    public required IReadOnlyList<ReleaseProblem> Problems { get; init; }

    /// <summary>Everything else a reader should know, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A manifest that a release was held to.</summary>
/// <param name="Name">Where it lies in the release, or its file name where it lies elsewhere.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Origin">How it was found.</param>
/// <param name="EngineVersion">The version of Efrap that it says wrote it.</param>
public sealed record ReleaseManifestRecord(string Name, string Sha256, ManifestOrigin Origin, string EngineVersion);

/// <summary>A model in a release.</summary>
/// <param name="Place">Where it lies: <c>lib/net10.0/App.dll!App.Models.classifier.onnx</c>, for example.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Outcome">What it is.</param>
public sealed record ReleasedModel(string Place, string Sha256, ReleaseOutcome Outcome)
{
    /// <summary>What the manifest calls it; null where the manifest does not know it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>What the build did with it; null where the manifest does not know it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManifestAction? Action { get; init; }

    /// <summary>How the build rounded it; null where it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManifestRounding? Rounding { get; init; }

    /// <summary>What the build's audit said; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Verdict? Audit { get; init; }

    /// <summary>Whether it passes.</summary>
    public required bool Passes { get; init; }
}

/// <summary>A file that was not looked into.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Reason">Why, as the end of a sentence.</param>
public sealed record UncheckedFile(string Place, string Reason);

/// <summary>Why a release does not pass.</summary>
/// <param name="Code">The code that it is filed under.</param>
/// <param name="Place">Where; null for the release as a whole.</param>
/// <param name="Text">What is wrong.</param>
public sealed record ReleaseProblem(
    [property: JsonConverter(typeof(EfrapCodeJson))] EfrapCode Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Place,
    string Text);

/// <summary>Whether a release passes.</summary>
public enum ReleaseVerdict
{
    /// <summary>Every model in it is what the build shipped, and passes.</summary>
    Pass,

    /// <summary>Something does not.</summary>
    Fail,

    /// <summary>There is no model in it, and none is expected.</summary>
    NothingFound,
}

/// <summary>What a model in a release is.</summary>
public enum ReleaseOutcome
{
    /// <summary>What the build shipped, where it put it.</summary>
    AsShipped,

    /// <summary>What the build shipped, at a place that the manifest does not name.</summary>
    Elsewhere,

    /// <summary>What the build hardened, before it did.</summary>
    Original,

    /// <summary>Another model of the manifest than the one that belongs there.</summary>
    Exchanged,

    /// <summary>Something else than the build shipped.</summary>
    Different,

    /// <summary>Nothing that the manifest knows.</summary>
    NotInManifest,
}

/// <summary>How a manifest was found.</summary>
public enum ManifestOrigin
{
    /// <summary>The user named it.</summary>
    Given,

    /// <summary>It lies in the release.</summary>
    Inside,

    /// <summary>It lies beside the assembly.</summary>
    Beside,
}
