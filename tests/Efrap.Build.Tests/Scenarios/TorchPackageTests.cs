using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class TorchPackageTests
{
    [TestMethod]
    public void It_brings_the_package_of_its_version_and_of_libtorch_the_download_only()
    {
        using var package = ZipFile.OpenRead(PackedPackage.TorchPath);
        using var stream = package.GetEntry("Efrap.Build.Torch.nuspec")!.Open();
        var nuspec = XDocument.Load(stream).Descendants().ToLookup(element => element.Name.LocalName);

        var dependencies = nuspec["dependency"].ToDictionary(element => (string)element.Attribute("id")!);
        Assert.AreEqual($"[{PackedPackage.Version}]", (string?)dependencies["Efrap.Build"].Attribute("version"));
        Assert.AreEqual("All", (string?)dependencies["Efrap.Build"].Attribute("include"));
        foreach (var id in new[] { "libtorch-cpu-linux-x64", "libtorch-cpu-osx-arm64", "libtorch-cpu-win-x64" })
        {
            Assert.AreEqual(LibTorchPackages.Version, (string?)dependencies[id].Attribute("version"));
            Assert.AreEqual("All", (string?)dependencies[id].Attribute("exclude"));
        }

        Assert.HasCount(4, dependencies);
        Assert.AreEqual("true", nuspec["developmentDependency"].Single().Value);
    }

    [TestMethod]
    public void It_has_a_worker_with_the_tier_and_no_libtorch()
    {
        using var package = ZipFile.OpenRead(PackedPackage.TorchPath);
        var names = package.Entries.Select(entry => entry.FullName).ToList();

        foreach (var name in new[]
        {
            "build/Efrap.Build.Torch.props", "build/Efrap.Build.Torch.targets", "tools/net10.0/efrap.dll", "tools/net10.0/Efrap.Torch.dll",
            "tools/net10.0/runtimes/linux-x64/native/libLibTorchSharp.so", "tools/net10.0/runtimes/win-x64/native/LibTorchSharp.dll",
            "tools/net10.0/runtimes/osx-arm64/native/libLibTorchSharp.dylib", "tools/net10.0/runtimes/linux-arm64/native/libonnxruntime.so",
            "README.md", "LICENSE", "THIRD-PARTY-NOTICES.md", "third-party/onnxruntime.txt",
        })
        {
            Assert.Contains(name, names);
        }

        Assert.IsEmpty(names.Where(name => name.Contains("torch_cpu", StringComparison.Ordinal) || name.Contains("SkiaSharp.", StringComparison.Ordinal) && !name.EndsWith("net10.0/SkiaSharp.dll", StringComparison.Ordinal)));
        Assert.IsLessThan(70_000_000, new FileInfo(PackedPackage.TorchPath).Length);
    }

    [TestMethod]
    public void The_default_package_has_nothing_of_it()
    {
        using var package = ZipFile.OpenRead(PackedPackage.Path);
        Assert.IsEmpty(package.Entries.Where(entry => entry.FullName.Contains("torch", StringComparison.OrdinalIgnoreCase) && !entry.FullName.StartsWith("docs/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_tool_is_installed_for_this_system_and_runs_the_papers_solver()
    {
        var root = Directory.CreateTempSubdirectory("efrap-tool-");
        try
        {
            var tools = Path.Combine(root.FullName, "tools");
            var (installed, output) = DotNet.Run(
                root.FullName, "tool", "install", "Efrap.Tool.Torch", "--tool-path", tools, "--add-source", Path.GetDirectoryName(PackedPackage.ToolPath)!,
                "--version", PackedPackage.Version);
            Assert.AreEqual(0, installed, output);
            File.WriteAllBytes(Path.Combine(root.FullName, "m.onnx"), TinyModel.Create(seed: 1));
            File.WriteAllBytes(Path.Combine(root.FullName, "c.npz"), CalibrationFile.Create(seed: 1));

            var (exitCode, error) = Efrap(root.FullName, Path.Combine(tools, "efrap"), "budget");
            Assert.AreEqual(0, exitCode, error);
            (exitCode, error) = Efrap(root.FullName, Path.Combine(tools, "efrap"), "paper", "--solver-steps", "20");
            Torch.Require(error.Contains("EFRAP0001", StringComparison.Ordinal) ? error : null);
            Assert.AreEqual(0, exitCode, error);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static (int ExitCode, string Error) Efrap(string folder, string program, string solver, params string[] more)
    {
        var start = new ProcessStartInfo(
            program,
            ["harden", "m.onnx", "--output", $"{solver}.onnx", "--calibration", "c.npz", "--calibration-scale", "1/255", "--solver", solver, .. more])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.IsNotNull(output.Result);
        return (process.ExitCode, error);
    }
}
