using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>The file <c>efrap.manifest.json</c> of <c>docs/build.md</c>: which models a build ships, where, and what is known of each.</summary>
[DataContract]
internal sealed class Manifest
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The version of the manifest's form.</summary>
    [DataMember(Name = "schemaVersion")]
    public int SchemaVersion { get; set; } = 1;

    /// <summary>The version of Efrap that made it.</summary>
    [DataMember(Name = "engineVersion")]
    public string EngineVersion { get; set; } = "";

    /// <summary>The models, sorted by name.</summary>
    [DataMember(Name = "models")]
    public ManifestModel[] Models { get; set; } = [];

    /// <summary>Reads a manifest that <see cref="Write(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SerializationException">It is none.</exception>
    public static Manifest Read(string path) => Read<Manifest>(path);

    /// <summary>Reads what a worker left beside an output.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SerializationException">It is no record.</exception>
    public static ManifestModel ReadRecord(string path) => Read<ManifestModel>(path);

    /// <summary>Writes the manifest; a file that says the same keeps its bytes and gets today's time.</summary>
    /// <param name="path">The file; its folder is created when missing.</param>
    public void Write(string path)
    {
        string text = Text();
        if (File.Exists(path) && File.ReadAllText(path, _utf8) == text)
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text, _utf8);
    }

    private static T Read<T>(string path)
    {
        using FileStream file = File.OpenRead(path);
        return (T)new DataContractJsonSerializer(typeof(T)).ReadObject(file)!;
    }

    private string Text()
    {
        var json = new IndentedJson();
        json.Object(null, () =>
        {
            json.Number("schemaVersion", SchemaVersion);
            json.Text("engineVersion", EngineVersion);
            json.Array("models", Models, model => json.Object(null, () => Write(json, model)));
        });
        return json.ToString();
    }

    private static void Write(IndentedJson json, ManifestModel model)
    {
        json.Text("model", model.Model);
        json.Text("action", model.Action);
        json.Truth("listed", model.Listed);
        json.Text("sha256", model.Sha256);
        if (model.ExternalData is { Length: > 0 } files)
            json.Array("externalData", files, file => json.Object(null, () => Write(json, file)));
        json.Text("verdict", model.Verdict);
        json.Text("waivedUntil", model.WaivedUntil);
        json.Text("rounding", model.Rounding);
        json.Text("originalSha256", model.OriginalSha256);
        if (model.Attestation is { } attestation)
            json.Object("attestation", () => Write(json, attestation));
        json.Array("places", model.Places, place => json.Object(null, () =>
        {
            json.Text("path", place.Path);
            json.Text("assembly", place.Assembly);
            json.Text("resource", place.Resource);
        }));
    }

    private static void Write(IndentedJson json, ManifestFile file)
    {
        json.Text("name", file.Name);
        json.Text("sha256", file.Sha256);
    }
}
