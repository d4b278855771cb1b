using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Efrap.Core;

namespace Efrap.AttackLab.Table;

/// <summary>Files of results, each with the settings it was made with: a run that broke off goes on from them.</summary>
internal static class KeptResults
{
    /// <summary>How such files and the table itself are written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Finds a result.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings, of any serializable type.</param>
    /// <returns>The result; the default where there is none, or one of other settings.</returns>
    public static T? Find<T>(string path, object settings)
    {
        if (!File.Exists(path))
            return default;
        try
        {
            var kept = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            var same = JsonNode.DeepEquals(kept["settings"], Text(settings));
            return same && kept["result"] is { } result ? result.Deserialize<T>(Json) : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A file that something else wrote is not ours to use; it is written anew.
            return default;
        }
    }

    /// <summary>Keeps a result.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings, of any serializable type.</param>
    /// <param name="result">The result.</param>
    /// <param name="cancellationToken">Observed until just before the file takes its name.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>.</exception>
    public static void Keep<T>(string path, object settings, T result, CancellationToken cancellationToken)
    {
        var kept = new JsonObject { ["settings"] = Text(settings), ["result"] = JsonSerializer.SerializeToNode(result, Json) };
        WriteText(path, kept.ToJsonString(Json) + "\n", cancellationToken);
    }

    /// <summary>Writes a text file, completely or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Observed until just before the file takes its name.</param>
    public static void WriteText(string path, string text, CancellationToken cancellationToken) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), cancellationToken);

    private static JsonNode? Text(object settings) => JsonSerializer.SerializeToNode(settings, settings.GetType(), Json);
}
