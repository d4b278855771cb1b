using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Task = Microsoft.Build.Utilities.Task;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>Puts hardened models in place of the originals among the files that NuGet packs, at the same places of the package.</summary>
public sealed class EfrapPack : Task
{
    /// <summary>The files to pack: originals, or hardened ones where the same build has swapped them already.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>The models of all target frameworks; those that are hardened have <c>EfrapHardened</c>, the path of what was made of them.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The target frameworks of the package.</summary>
    [Required]
    public ITaskItem[] TargetFrameworks { get; set; } = [];

    /// <summary>Where NuGet packs files that name no place, separated by semicolons.</summary>
    public string ContentTargetFolders { get; set; } = "";

    /// <summary>The project.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>The files that are replaced.</summary>
    [Output]
    public ITaskItem[] Replaced { get; set; } = [];

    /// <summary>What takes their place.</summary>
    [Output]
    public ITaskItem[] Replacements { get; set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        var hardened = Models.Where(model => model.GetMetadata("EfrapHardened").Length > 0).ToList();
        foreach (var model in hardened.GroupBy(model => model.GetMetadata("FullPath"), FilePaths.Comparer))
        {
            var made = model.Select(build => build.GetMetadata("EfrapHardened")).Distinct(FilePaths.Comparer).ToList();
            ITaskItem[] files = [.. Files.Where(file => FilePaths.Comparer.Equals(file.GetMetadata("FullPath"), model.Key) || made.Contains(file.GetMetadata("FullPath"), FilePaths.Comparer))];
            if (files.Length > 0 && made.Select(FileHash.Of).Distinct().Count() > 1)
            {
                Log.LogError(
                    null, Codes.InvalidSetting, null, ProjectFile, 0, 0, 0, 0,
                    $"the target frameworks harden '{model.Key}' differently, and the package has one file for all of them: give its EfrapModel the same metadata for all");
            }

            // What held the original's values has nobody left to read it.
            string[] data = [model.Key + ".data", model.Key + "_data"];
            Replaced = [.. Replaced, .. files, .. Files.Where(file => data.Contains(file.GetMetadata("FullPath"), FilePaths.Comparer))];
            Replacements = [.. Replacements, .. files.Select(file => Replacement(file, model.Key, made[0]))];
        }

        return !Log.HasLoggedErrors;
    }

    private TaskItem Replacement(ITaskItem file, string original, string hardened)
    {
        var item = new TaskItem(file) { ItemSpec = hardened };
        // An empty one is one, too: the root of the package.
        if (!file.MetadataNames.Cast<string>().Contains("PackagePath", StringComparer.OrdinalIgnoreCase))
        {
            item.SetMetadata("PackagePath", string.Join(";", DefaultPlaces(original)));
            item.RemoveMetadata("NuGetRecursiveDir");
        }
        else if (file.GetMetadata("RecursiveDir") is { Length: > 0 } folders)
        {
            item.SetMetadata("NuGetRecursiveDir", folders);
        }

        return item;
    }

    // As NuGet derives them from the path of a file: with its folders where it lies in the project's folder, else without.
    private IEnumerable<string> DefaultPlaces(string original)
    {
        string project = Path.GetDirectoryName(ProjectFile) + Path.DirectorySeparatorChar;
        string folder = original.StartsWith(project, FilePaths.Comparison) ? Path.GetDirectoryName(original.Substring(project.Length))! : "";
        folder = folder.Length > 0 ? folder + "/" : "";
        foreach (string target in ContentTargetFolders.Split([';'], StringSplitOptions.RemoveEmptyEntries).Select(target => target.Trim().TrimEnd('/', '\\')))
        {
            if (target != "contentFiles")
                yield return $"{target}/{folder}";
            else
                foreach (ITaskItem framework in TargetFrameworks)
                    yield return $"contentFiles/any/{framework.ItemSpec}/{folder}";
        }
    }
}
