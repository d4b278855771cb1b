using Efrap.Build.Tasks;
using Microsoft.Build.Utilities;

namespace Efrap.Build.Tests.Shim;

/// <summary>The shim's task, set up to start <see cref="FakeWorker"/> in a folder of its own.</summary>
internal sealed class ShimRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap shim é-");

    /// <summary>Sets the task up for one model.</summary>
    /// <param name="precision">How the fake worker behaves.</param>
    public ShimRun(string precision = "int8")
    {
        Model = new TaskItem("Models/m.onnx", new Dictionary<string, string>
        {
            ["Action"] = "Harden",
            ["Precision"] = precision,
            ["Calibration"] = "calibration.npz",
            ["Budget"] = "0.5",
            ["EfrapOutput"] = "obj/efrap/Models/m.onnx",
            ["EfrapEvidence"] = "obj/evidence/Models/m.onnx",
            ["EfrapReport"] = "obj/efrap/Models/m.onnx.json",
        });
        Task = new()
        {
            BuildEngine = Engine,
            Models = [Model],
            Worker = Path.Combine(AppContext.BaseDirectory, "Efrap.Build.Tests.dll"),
            RequestFile = Path.Combine(_folder.FullName, "request.json"),
            ProjectFile = Path.Combine(_folder.FullName, "App.csproj"),
            DocsDirectory = Path.Combine(_folder.FullName, "docs"),
        };
    }

    /// <summary>What the task logged.</summary>
    public RecordingEngine Engine { get; } = new();

    /// <summary>The task.</summary>
    public EfrapHarden Task { get; }

    /// <summary>Its only model.</summary>
    public TaskItem Model { get; }

    /// <summary>The folder of the project.</summary>
    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
