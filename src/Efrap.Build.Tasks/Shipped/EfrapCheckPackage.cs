using System.IO.Compression;
using System.Runtime.Serialization;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>
/// Compares the models in a NuGet package with the manifests of the builds that it comes from: none may be the original of a hardened
/// one, none changed, and the resources of assemblies are what the manifest says.
/// </summary>
public sealed class EfrapCheckPackage : Task
{
    /// <summary>What packing wrote; files that are no packages are left alone.</summary>
    public ITaskItem[] Packages { get; set; } = [];

    /// <summary>The models of all target frameworks, with <c>EfrapManifest</c>.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The folder with the pages that explain the codes.</summary>
    [Required]
    public string DocsDirectory { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var models = Models.Select(model => model.GetMetadata("EfrapManifest")).Distinct(FilePaths.Comparer)
                .SelectMany(path => Manifest.Read(path).Models)
                .ToList();
            foreach (string package in Packages.Select(item => item.GetMetadata("FullPath")).Where(path => path.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase) && File.Exists(path)))
                Check(package, models);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SerializationException or InvalidDataException or BadImageFormatException)
        {
            Log.LogError(null, Codes.OutputNotWritten, null, null, 0, 0, 0, 0, $"the package cannot be checked: {exception.Message}");
        }

        return !Log.HasLoggedErrors;
    }

    private void Check(string package, IReadOnlyList<ManifestModel> models)
    {
        var shipped = new HashSet<string>(models.Select(model => model.Sha256));
        var originals = models.Where(model => model.OriginalSha256 is not null).ToLookup(model => model.OriginalSha256!, model => model.Model);
        using ZipArchive archive = ZipFile.OpenRead(package);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (entry.FullName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
                CheckFile(package, entry, shipped, originals);
            CheckResources(package, entry, models);
        }
    }

    private void CheckFile(string package, ZipArchiveEntry entry, HashSet<string> shipped, ILookup<string, string> originals)
    {
        using Stream content = entry.Open();
        string hash = FileHash.Of(content);
        if (shipped.Contains(hash))
            return;
        if (originals[hash].FirstOrDefault() is { } model)
            Tell(package, $"'{entry.FullName}' in it is the original of the model '{model}', not the hardened one: it comes into the package in a way that Efrap.Build does not know");
        else
            Tell(package, $"'{entry.FullName}' in it is no model of the build's manifest: its SHA-256 is {hash}; ship it as an item of the project, so that it is looked at, or list it as an EfrapModel");
    }

    private void CheckResources(string package, ZipArchiveEntry entry, IReadOnlyList<ManifestModel> models)
    {
        // One framework's manifest does not tell the assembly of another: what any of them says of the resource will do.
        var resources = models
            .SelectMany(model => model.Places, (model, place) => (Model: model, Place: place))
            .Where(said => said.Place.Resource is not null && said.Place.Assembly!.Split('/').Last() == entry.Name)
            .GroupBy(said => said.Place.Resource!)
            .ToList();
        if (resources.Count == 0)
            return;
        using Stream content = entry.Open();
        using var assembly = new MemoryStream();
        content.CopyTo(assembly);
        foreach (var expected in resources)
        {
            if (AssemblyResources.Hash(new MemoryStream(assembly.GetBuffer(), 0, (int)assembly.Length), expected.Key) is { } hash && expected.All(said => said.Model.Sha256 != hash))
                Tell(package, $"the resource '{expected.Key}' of '{entry.FullName}' in it is not what the build made of the model '{expected.First().Model.Model}': its SHA-256 is {hash}");
        }
    }

    private void Tell(string package, string text)
    {
        string page = Path.GetFullPath(Path.Combine(DocsDirectory, Codes.ShippedOtherwise + ".md"));
        Log.LogError(null, Codes.ShippedOtherwise, null, new Uri(page).AbsoluteUri, package, 0, 0, 0, 0, text);
    }
}
