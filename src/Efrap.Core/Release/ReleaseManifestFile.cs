using System.Text.Json;
using Efrap.Core.Onnx;

namespace Efrap.Core.Release;

/// <summary>A manifest file, and what it says.</summary>
/// <param name="Name">Its name, without its folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Manifest">What it says.</param>
public sealed record ReleaseManifestFile(string Name, string Sha256, ReleaseManifest Manifest)
{
    /// <summary>The name that builds give it.</summary>
    public const string DefaultName = "efrap.manifest.json";

    /// <summary>The most bytes that a manifest may have: some ten thousand models.</summary>
    internal const int LargestBytes = 16 << 20;

    /// <summary>Reads a manifest file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ManifestInvalid"/>, with the line where one is wrong.</exception>
    public static ReleaseManifestFile Read(string path) =>
        Read(SmallFile.Read(path, LargestBytes, EfrapCode.ManifestInvalid, "manifest"), path);

    /// <summary>Reads a manifest that is in memory.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="shown">What messages call it.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ManifestInvalid"/>, with the line where one is wrong.</exception>
    internal static ReleaseManifestFile Read(byte[] bytes, string shown)
    {
        try
        {
            var text = JsonRefusal.Text(bytes);
            var manifest = JsonSerializer.Deserialize(text, ReleaseManifestJson.Default.ReleaseManifest)
                ?? throw new JsonException("a manifest is an object, not null");
            if (manifest.SchemaVersion != ReleaseManifest.CurrentVersion)
            {
                throw JsonRefusal.At(
                    text, "schemaVersion", "$.schemaVersion", $"this version of Efrap reads {ReleaseManifest.CurrentVersion}, not {manifest.SchemaVersion}");
            }

            CheckModels(manifest, text);
            return new ReleaseManifestFile(Path.GetFileName(shown), Digest.Of(bytes), manifest);
        }
        catch (JsonException e)
        {
            throw JsonRefusal.Of(e, EfrapCode.ManifestInvalid, "a manifest", "member", shown);
        }
    }

    private static void CheckModels(ReleaseManifest manifest, ReadOnlySpan<byte> text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < manifest.Models.Count; i++)
        {
            if (Fault(manifest.Models[i], names) is { } fault)
                throw new JsonException(fault, $"$.models[{i}]", LineOf(text, i), null);
        }
    }

    private static string? Fault(ManifestModel? model, HashSet<string> names) => model switch
    {
        null => "null is no value here",
        _ when !names.Add(model.Model) => $"'{DisplayName.Of(model.Model)}' is there twice",
        { Action: not ManifestAction.Skip, Verdict: null } => "verdict is missing",
        { Action: ManifestAction.Skip, Verdict: not null } => "verdict means nothing with the action skip",
        { Action: ManifestAction.Skip, WaivedUntil: not null } => "waivedUntil means nothing with the action skip",
        { Action: ManifestAction.Harden, Rounding: null } => "rounding is missing",
        { Action: ManifestAction.Harden, OriginalSha256: null } => "originalSha256 is missing",
        { Action: not ManifestAction.Harden, Rounding: not null } => "rounding means nothing without the action harden",
        { Action: not ManifestAction.Harden, OriginalSha256: not null } => "originalSha256 means nothing without the action harden",
        { Action: not ManifestAction.Harden, Attestation: not null } => "attestation means nothing without the action harden",
        _ => Fault(model.ExternalData) ?? Fault(model.Places),
    };

    private static string? Fault(IReadOnlyList<ManifestFile?> externalData) =>
        externalData.Contains(null) ? "null is no value in externalData"
        : externalData.CountBy(f => f!.Name).FirstOrDefault(n => n.Value > 1).Key is { } twice ? $"externalData has '{DisplayName.Of(twice)}' twice"
        : null;

    private static string? Fault(IReadOnlyList<ManifestPlace?> places)
    {
        foreach (var place in places)
        {
            if (place is not ({ Path: not null, Assembly: null, Resource: null } or { Path: null, Assembly: not null, Resource: not null }))
                return "a place is a path, or an assembly and a resource";
        }

        return places.Distinct().Count() == places.Count ? null : "a place is there twice";
    }

    // Of the members that hold an object at this depth only models has several.
    private static long LineOf(ReadOnlySpan<byte> text, int model)
    {
        var reader = new Utf8JsonReader(text);
        var seen = -1;
        while (seen < model && reader.Read())
        {
            if (reader.CurrentDepth == 2 && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null)
                seen++;
        }

        return text[..(int)reader.TokenStartIndex].Count((byte)'\n');
    }
}
