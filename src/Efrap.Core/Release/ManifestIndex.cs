namespace Efrap.Core.Release;

/// <summary>Finds the models of a manifest by where they lie and by their digests.</summary>
internal sealed class ManifestIndex
{
    private readonly Dictionary<string, List<ManifestModel>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Assembly, string Resource), List<ManifestModel>> _byResource = [];
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly int _deepest;

    /// <summary>Sets the index up.</summary>
    /// <param name="manifest">The manifest.</param>
    internal ManifestIndex(ReleaseManifest manifest)
    {
        foreach (var model in manifest.Models)
        {
            foreach (var place in model.Places)
            {
                if (place.Path is { } path)
                    Add(_byPath, path, model);
                else
                    Add(_byResource, (place.Assembly!, place.Resource!), model);
            }

            foreach (var file in model.ExternalData)
                _others.Add(file.Name);
            if (model.Attestation is { } attestation)
                _others.Add(attestation.Name);
        }

        _deepest = _byPath.Keys.Concat(_byResource.Keys.Select(k => k.Assembly)).Concat(_others).Select(p => p.Count(c => c == '/')).DefaultIfEmpty().Max();
        ByDigest = manifest.Models.ToLookup(m => m.Sha256, StringComparer.Ordinal);
        ByOriginal = manifest.Models.Where(m => m.OriginalSha256 is not null).ToLookup(m => m.OriginalSha256!, StringComparer.Ordinal);
    }

    /// <summary>The models that ship with a digest.</summary>
    internal ILookup<string, ManifestModel> ByDigest { get; }

    /// <summary>The models that had a digest before they were hardened.</summary>
    internal ILookup<string, ManifestModel> ByOriginal { get; }

    /// <summary>
    /// The models that the manifest puts at a place. Packages put folders in front of paths, so that the end of one counts; the
    /// longest such end decides, or <c>Models/a.onnx</c> could hold what belongs at <c>a.onnx</c>.
    /// </summary>
    /// <param name="place">The place.</param>
    /// <returns>The models; none where the manifest does not name the place.</returns>
    internal IReadOnlyList<ManifestModel> At(ReleasePlace place)
    {
        foreach (var end in Ends(place.Path))
        {
            if (place.Resource is { } resource ? _byResource.TryGetValue((end, resource), out var models) : _byPath.TryGetValue(end, out models))
                return models;
        }

        return [];
    }

    /// <summary>Whether the manifest needs the digest of what lies at a place, whatever that is.</summary>
    /// <param name="place">The place.</param>
    internal bool Wants(ReleasePlace place) => At(place).Count > 0 || (place.Resource is null && Ends(place.Path).Any(_others.Contains));

    // A path, and what remains of it without its first folder, without its first two, and so on, as far as the manifest goes.
    private IEnumerable<string> Ends(string path)
    {
        var depth = path.Count(c => c == '/');
        if (depth <= _deepest)
            yield return path;
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (--depth <= _deepest)
                yield return path[(slash + 1)..];
        }
    }

    private static void Add<TKey>(Dictionary<TKey, List<ManifestModel>> models, TKey place, ManifestModel model)
        where TKey : notnull
    {
        if (!models.TryGetValue(place, out var there))
            models.Add(place, there = []);
        there.Add(model);
    }
}
