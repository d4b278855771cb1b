using Efrap.Core.Onnx;

namespace Efrap.Core.Release;

/// <summary>Checks the files that belong to a model: its external data and its attestation.</summary>
/// <param name="manifest">The manifest, beside which attestations may lie.</param>
/// <param name="digests">The digests of what was found.</param>
internal sealed class AccompanyingFiles(FoundManifest manifest, IReadOnlyDictionary<ReleasePlace, string> digests)
{
    /// <summary>Checks the files of a model.</summary>
    /// <param name="place">Where the model lies.</param>
    /// <param name="model">What the manifest says of it.</param>
    /// <returns>Problems, and what else a reader should know.</returns>
    internal IEnumerable<(bool IsProblem, string Text)> Check(ReleasePlace place, ManifestModel model) =>
        [.. model.ExternalData.Select(file => External(place, file)).OfType<(bool, string)>(), .. Attestation(place, model)];

    private (bool IsProblem, string Text)? External(ReleasePlace place, ManifestFile file)
    {
        if (place.Resource is not null)
            return (false, $"has external data, {Quoted(file)}, that cannot lie beside a resource and was not checked");
        if (!digests.TryGetValue(Beside(place, file.Name), out var sha256))
            return (true, $"has no external data {Quoted(file)} beside it");
        return sha256 == file.Sha256 ? null : (true, $"has external data {Quoted(file)} that differs from what the build shipped: its SHA-256 is {sha256}, the manifest says {file.Sha256}");
    }

    private IEnumerable<(bool IsProblem, string Text)> Attestation(ReleasePlace place, ManifestModel model)
    {
        if (model.Attestation is not { } file)
            yield break;
        // A build puts the evidence of a model where the model lies below the project, and the manifest at its root.
        string[] names = model.Model.LastIndexOf('/') is >= 0 and var slash ? [file.Name, $"{model.Model[..slash]}/{file.Name}"] : [file.Name];
        var inside = names.Where(_ => manifest.Place is not null).Select(name => Beside(manifest.Place!, name));
        var found = inside.Prepend(Beside(place, file.Name)).Distinct().Select(p => digests.GetValueOrDefault(p))
            .Concat(names.Select(OnDisk)).OfType<string>().ToList();
        if (found.Count == 0)
            yield return (false, $"has an attestation, {Quoted(file)}, that is not here");
        else if (found.Find(sha256 => sha256 != file.Sha256) is { } altered)
            yield return (true, $"has an attestation {Quoted(file)} that differs from what the build wrote: its SHA-256 is {altered}, the manifest says {file.Sha256}");
    }

    private string? OnDisk(string name)
    {
        // What a project calls a model may lie outside of it, and its evidence then is elsewhere.
        if (manifest.Path is not { } path || !ExternalPath.TryResolve(name, out var resolved, out _)
            || !File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, resolved)))
        {
            return null;
        }

        try
        {
            using var stream = ExternalPath.Open(path, resolved);
            return Digest.Of(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EfrapException(
                EfrapCode.ManifestInvalid, $"the attestation '{DisplayName.Of(resolved)}' beside the manifest cannot be read: {e.Message.TrimEnd('.')}.", path, e);
        }
    }

    private static ReleasePlace Beside(ReleasePlace place, string name) => new(place.Container, place.Folder + name);

    private static string Quoted(ManifestFile file) => $"'{DisplayName.Of(file.Name)}'";
}
