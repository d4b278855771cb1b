using System.Reflection;
using System.Runtime.Serialization;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>Composes the manifest of a build from the records that the worker left and the items that ship the models.</summary>
public sealed class EfrapManifest : Task
{
    /// <summary>The models: <c>EfrapRelative</c> is the path below the project's folder, <c>Action</c> what is done, and <c>EfrapOutput</c>,
    /// but for those that are skipped, what the record lies beside.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The files that are copied, with <c>TargetPath</c>.</summary>
    public ITaskItem[] Copied { get; set; } = [];

    /// <summary>The files that are embedded, with <c>LogicalName</c>, and <c>EfrapAssembly</c> for the assembly.</summary>
    public ITaskItem[] Embedded { get; set; } = [];

    /// <summary>The models of referenced projects, with <c>EfrapManifest</c>, the manifest that they are in, and the project as
    /// <c>MSBuildSourceProjectFile</c>.</summary>
    public ITaskItem[] References { get; set; } = [];

    /// <summary>What relative paths are relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>The manifest's path.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            // What comes along two ways, or is an item of this project, too, is one model.
            var models = Described().Concat(Referenced()).GroupBy(model => (model.Model, model.Sha256)).Select(Merged);
            new Manifest
            {
                EngineVersion = Version(),
                Models = [.. models.OrderBy(model => model.Model, StringComparer.Ordinal).ThenBy(model => model.Sha256, StringComparer.Ordinal)],
            }.Write(Absolute(ManifestFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SerializationException)
        {
            Log.LogError(null, Codes.OutputNotWritten, null, ManifestFile, 0, 0, 0, 0, $"the manifest cannot be written: {exception.Message}");
        }

        return !Log.HasLoggedErrors;
    }

    private static string Version() =>
        typeof(EfrapManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private IEnumerable<ManifestModel> Described()
    {
        var places = Copied.Select(item => (item, new ManifestPlace { Path = Slashes(item.GetMetadata("TargetPath")) }))
            .Concat(Embedded.Select(item => (
                item,
                new ManifestPlace { Assembly = Slashes(item.GetMetadata("EfrapAssembly")), Resource = item.GetMetadata("LogicalName") })))
            .ToLookup(pair => pair.item.GetMetadata("FullPath"), pair => pair.Item2, FilePaths.Comparer);
        foreach (ITaskItem item in Models)
        {
            // What cannot be opened was said to be so, and cannot be shipped.
            if (Describe(item) is not { } model)
                continue;
            model.Model = Slashes(item.GetMetadata("EfrapRelative"));
            model.Listed = item.GetMetadata("EfrapUnlisted") != "true";
            model.Places = [.. places[model.Action == "harden" ? Absolute(item.GetMetadata("EfrapOutput")) : item.GetMetadata("FullPath")]];
            yield return model;
        }
    }

    // A file goes where the project that it comes from says, and so does that project's assembly.
    private IEnumerable<ManifestModel> Referenced()
    {
        foreach (var reference in References.GroupBy(item => item.GetMetadata("EfrapManifest"), FilePaths.Comparer))
        {
            string folder = Path.GetDirectoryName(reference.First().GetMetadata("MSBuildSourceProjectFile"))!;
            foreach (ManifestModel model in Manifest.Read(reference.Key).Models)
            {
                model.Model = Slashes(FilePaths.Relative(ProjectDirectory, Path.GetFullPath(Path.Combine(folder, model.Model))));
                yield return model;
            }
        }
    }

    private static ManifestModel Merged(IEnumerable<ManifestModel> same)
    {
        ManifestModel model = same.First();
        model.Places = [.. same.SelectMany(one => one.Places)
            .GroupBy(place => (place.Path, place.Assembly, place.Resource))
            .Select(places => places.First())
            .OrderBy(place => place.Path ?? place.Assembly, StringComparer.Ordinal)
            .ThenBy(place => place.Resource, StringComparer.Ordinal)];
        return model;
    }

    private ManifestModel? Describe(ITaskItem item)
    {
        if (string.Equals(item.GetMetadata("Action"), "Skip", StringComparison.OrdinalIgnoreCase))
            return File.Exists(item.GetMetadata("FullPath")) ? new() { Action = "skip", Sha256 = FileHash.Of(item.GetMetadata("FullPath")) } : null;
        string record = Absolute(item.GetMetadata("EfrapOutput")) + ".record";
        return File.Exists(record) ? Manifest.ReadRecord(record) : null;
    }

    private string Absolute(string path) => Path.GetFullPath(Path.Combine(ProjectDirectory, path));

    private static string Slashes(string path) => path.Replace('\\', '/');
}
