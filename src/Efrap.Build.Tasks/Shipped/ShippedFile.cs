namespace Efrap.Build.Tasks.Shipped;

/// <summary>One thing that the manifest says of a shipped folder: a file, or a resource in one, and its digest.</summary>
/// <param name="path">The file's path below the folder.</param>
/// <param name="resource">The resource's name; null for the file itself.</param>
/// <param name="sha256">The digest.</param>
/// <param name="originalSha256">The digest of the model that was hardened; null where none was.</param>
/// <param name="model">The model's name.</param>
internal sealed class ShippedFile(string path, string? resource, string sha256, string? originalSha256, string model)
{
    /// <summary>The file's path below the folder.</summary>
    public string Path { get; } = path;

    /// <summary>What is expected, in one word and the resource's name.</summary>
    public string Expectation => resource is null ? sha256 : $"{sha256} {resource}";

    /// <summary>What the manifest says of a model.</summary>
    /// <param name="model">The model.</param>
    public static IEnumerable<ShippedFile> Of(ManifestModel model)
    {
        foreach (ManifestPlace place in model.Places)
        {
            yield return new(place.Path ?? place.Assembly ?? "", place.Resource, model.Sha256, model.OriginalSha256, model.Model);
            if (place.Path is null)
                continue;
            foreach (ManifestFile data in model.ExternalData ?? [])
                yield return new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(place.Path) ?? "", data.Name), null, data.Sha256, null, model.Model);
        }
    }

    /// <summary>What is wrong with the file that lies there; null where nothing is.</summary>
    /// <param name="fullPath">Its full path.</param>
    public string? Problem(string fullPath)
    {
        string? found = resource is null ? FileHash.Of(fullPath) : AssemblyResources.Hash(File.OpenRead(fullPath), resource);
        if (found == sha256)
            return null;
        string what = resource is null ? "this file" : $"the resource '{resource}'";
        return found switch
        {
            null => $"{what}, the model '{model}', is not in this assembly: delete the file, build again, and let nothing change it afterwards",
            _ when found == originalSha256 => $"{what} is the original of the model '{model}', not the hardened one: something put it there after the build did; "
                + "take that out, delete the file and build again",
            _ => $"{what} is not what the build made of the model '{model}': its SHA-256 is {found}, and the manifest says {sha256}; "
                + "delete the file, build again, and let nothing change it afterwards",
        };
    }
}
