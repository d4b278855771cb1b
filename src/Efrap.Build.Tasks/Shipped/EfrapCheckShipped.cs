using System.Runtime.Serialization;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>
/// Compares what lies in an output or publish folder with the manifest, byte for byte by its digest. What lay there at the last check,
/// by size and time, is not read again.
/// </summary>
public sealed class EfrapCheckShipped : Task
{
    /// <summary>The manifest's path.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>The folder that the manifest's places are below.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>What relative paths are relative to.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Where is kept what was found to be right; it may be deleted at any time.</summary>
    [Required]
    public string StateFile { get; set; } = "";

    /// <summary>The page that explains the error.</summary>
    public string HelpLink { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            string state = Absolute(StateFile);
            var seen = SeenFiles.Read(state);
            string manifest = Absolute(ManifestFile);
            if (!seen.AreAllAsTheyWere(manifest))
                Check(manifest, seen).Write(state);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SerializationException or BadImageFormatException)
        {
            Log.LogError(null, Codes.OutputNotWritten, null, Folder, 0, 0, 0, 0, $"what was shipped cannot be checked: {exception.Message}");
        }

        return !Log.HasLoggedErrors;
    }

    private SeenFiles Check(string manifest, SeenFiles before)
    {
        var now = new SeenFiles();
        foreach (ShippedFile file in Manifest.Read(manifest).Models.SelectMany(ShippedFile.Of))
        {
            string path = Path.GetFullPath(Path.Combine(Absolute(Folder), file.Path));
            // Not everything goes everywhere: what is published only, or lies inside of a single file, is not looked for.
            if (!File.Exists(path) || before.IsAsItWas(path, file.Expectation))
                now.Add(path, file.Expectation);
            else if (file.Problem(path) is not { } problem)
                now.Add(path, file.Expectation);
            else
                Log.LogError(null, Codes.ShippedOtherwise, null, HelpLink, path, 0, 0, 0, 0, problem);
        }

        // Without the manifest, everything that was not right is looked at again.
        if (!Log.HasLoggedErrors)
            now.Add(manifest, "");
        return now;
    }

    private string Absolute(string path) => Path.GetFullPath(Path.Combine(ProjectDirectory, path));
}
