using System.Text.Json;
using Efrap.Core;

namespace Efrap.Cli.Worker;

/// <summary>Reads request files.</summary>
internal static class WorkerRequestReader
{
    /// <summary>Reads a request.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The request, of a version that this worker speaks and without null entries.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> when the file cannot be read, is not JSON,
    /// or does not say what the protocol asks.</exception>
    public static WorkerRequest Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var request = JsonSerializer.Deserialize(stream, WorkerJson.Default.WorkerRequest) ?? throw Wrong("it is null", path);
            if (request.Version != WorkerRequest.SupportedVersion)
                throw Wrong($"version {request.Version} is not {WorkerRequest.SupportedVersion}, the one this worker speaks", path);
            if (request.Models.Contains(null))
                throw Wrong("an entry of models is null", path);
            return request;
        }
        catch (JsonException e)
        {
            throw Wrong(e.Message, path, e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EfrapException(EfrapCode.InvalidSetting, "the request file does not exist.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EfrapException(EfrapCode.InvalidSetting, $"cannot read the request: {e.Message}", path, e);
        }
    }

    private static EfrapException Wrong(string problem, string path, Exception? cause = null) =>
        new(EfrapCode.InvalidSetting, $"this is not a request as docs/worker-protocol.md describes it: {problem}", path, cause);
}
