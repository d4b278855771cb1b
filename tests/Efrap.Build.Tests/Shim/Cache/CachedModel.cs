using Efrap.Build.Tasks.Cache;
using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tests.Shim.Cache;

/// <summary>A model with all that a worker reads and writes, in a folder of its own, and a cache beside it.</summary>
internal sealed class CachedModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-cached-");

    /// <summary>Lays the files out.</summary>
    public CachedModel()
    {
        Write("app/m.onnx", "model");
        Write("app/c.npz", "samples");
        Write("app/efrap.policy.json", "{}");
        Write("tools/efrap.dll", "engine");
        Request = new()
        {
            Root = PathOf("app"),
            Mode = "enforce",
            Policy = new() { File = PathOf("app/efrap.policy.json") },
            Models = [Model("obj")],
        };
    }

    /// <summary>The request.</summary>
    public WorkerRequest Request { get; }

    /// <summary>The cache.</summary>
    public ResultCache Cache => new(PathOf("cache"), LargestBytes);

    /// <summary>What the cache may take.</summary>
    public long LargestBytes { get; set; } = 1 << 20;

    /// <summary>The key of the request's model.</summary>
    public string? Key => CacheKey.Of(Request, Request.Models[0], Engine);

    /// <summary>The digest of the engine.</summary>
    public string Engine => CacheKey.OfEngine(PathOf("tools/efrap.dll"), host: null);

    /// <summary>A request for the model whose results go into a folder.</summary>
    public ModelRequest Model(string output) => new()
    {
        Id = "m.onnx",
        Model = PathOf("app/m.onnx"),
        Action = "harden",
        Output = PathOf($"app/{output}/m.onnx"),
        Report = PathOf($"app/{output}/m.onnx.json"),
        Evidence = PathOf($"app/{output}/evidence/m.onnx"),
        Calibration = PathOf("app/c.npz"),
        CalibrationMean = [0.5, 0.25],
        Budget = 0.5,
    };

    /// <summary>Plays the worker, and keeps what it made.</summary>
    /// <param name="audit">The report of the audit.</param>
    /// <returns>Why it was not kept, or null.</returns>
    public string? Make(string audit = "{}")
    {
        Write("app/obj/m.onnx", "hardened");
        Write("app/obj/m.onnx.json", "report");
        Write("app/obj/m.onnx.record", "record");
        Write("app/obj/evidence/m.onnx.audit.json", audit);
        var model = Request.Models[0];
        return Cache.Store(Key!, model, [new() { Type = "result", Id = model.Id, Output = model.Output, Layers = 3 }]);
    }

    /// <summary>Restores into another folder.</summary>
    /// <param name="today">The day.</param>
    /// <returns>What the worker had said, or null.</returns>
    public IReadOnlyList<WorkerMessage>? Restore(string today = "20300101") => Cache.Restore(Key!, Model("other"), today);

    /// <summary>Writes a file.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>The full path of a file.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The files of a folder, as sorted paths below it.</summary>
    public string[] Files(string name) =>
        [.. Directory.GetFiles(PathOf(name), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(PathOf(name), f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);
}
