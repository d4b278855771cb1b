using System.Text.Json;

namespace Efrap.Cli.Tests.Worker;

/// <summary>Runs the worker on a request in a temporary folder.</summary>
internal sealed class WorkerFront : IDisposable
{
    /// <summary>A model of a request, with what is required.</summary>
    public const string Model = """{"id":"m","model":"m.onnx","output":"o.onnx","precision":"int8","calibration":"c.npz"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-");

    /// <summary>What <c>o.onnx</c> in a request becomes: beside its output the worker writes a file of its own.</summary>
    public string Output => Path.Combine(_folder.FullName, "o.onnx").Replace('\\', '/');

    /// <summary>The command line.</summary>
    public Front Front { get; init; } = new();

    /// <summary>The answers, parsed.</summary>
    public IReadOnlyList<JsonElement> Answers => [.. Front.OutputLines.Select(line => JsonElement.Parse(line))];

    /// <summary>The answers of one type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>Those answers.</returns>
    public IReadOnlyList<JsonElement> Of(string type) => [.. Answers.Where(answer => answer.GetProperty("type").GetString() == type)];

    /// <summary>Runs the worker on models.</summary>
    /// <param name="models">The models, as JSON.</param>
    /// <returns>The exit code.</returns>
    public int Run(params string[] models) => RunRequest($$"""{"version":2,"models":[{{string.Join(',', models)}}]}""");

    /// <summary>Runs the worker on a request.</summary>
    /// <param name="request">The request file's content.</param>
    /// <returns>The exit code.</returns>
    public int RunRequest(string request)
    {
        var path = Path.Combine(_folder.FullName, "request.json");
        File.WriteAllText(path, request.Replace("\"o.onnx\"", $"\"{Output}\"", StringComparison.Ordinal));
        return Front.Run("worker", "@" + path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Front.Dispose();
        _folder.Delete(recursive: true);
    }
}
