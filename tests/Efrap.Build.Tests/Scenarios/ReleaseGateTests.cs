using System.IO.Compression;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

/// <summary>What a build shipped passes the release gate with that build's manifest, and fails once a model in it was replaced.</summary>
[TestClass]
public sealed class ReleaseGateTests
{
    private const string Resource = "App.Models.m.onnx";

    private const string Items = """
        <PropertyGroup>
          <EfrapLattices>int8-per-channel</EfrapLattices>
          <EfrapProbeTime>0</EfrapProbeTime>
        </PropertyGroup>
        <ItemGroup>
          <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EmbeddedResource Include="Models/m.onnx" />
          <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" CalibrationScale="1/255" CalibrationSamples="256" />
        </ItemGroup>
        """;

    [TestMethod]
    public void Folder_package_and_assembly()
    {
        using var app = new App(Items);
        var model = app.Write("Models/m.onnx", Repository.Fixture("shapes-clean.onnx"));
        app.Write("Models/calibration.npz", Repository.Fixture("shapes-calibration.npz"));
        app.Succeed("publish", "-c", "Debug", "-o", "out");
        app.Succeed("pack", "-c", "Debug", "-o", "packed", "--no-build");
        var folder = Path.Combine(app.Folder, "out");
        var package = Directory.GetFiles(Path.Combine(app.Folder, "packed"), "*.nupkg").Single();
        var assembly = Path.Combine(folder, "App.dll");
        var manifest = Path.Combine(app.Hardened, "efrap.manifest.json");
        foreach (var release in new[] { folder, package, assembly })
        {
            var passed = Gate(app, release, manifest);
            Assert.AreEqual(0, passed.ExitCode, passed.Output);
            Assert.Contains(release == assembly ? Resource : "Models/m.onnx", passed.Output);
        }

        var nearest = NearestRounded(app, model);
        var shipped = File.ReadAllBytes(Path.Combine(folder, "Models/m.onnx"));
        File.Copy(nearest, Path.Combine(folder, "Models/m.onnx"), overwrite: true);
        AssertFails(app, folder, manifest, "Models/m.onnx");
        File.WriteAllBytes(Path.Combine(folder, "Models/m.onnx"), shipped);

        var bad = WithNearestRounding(app, nearest);
        AssertFails(app, bad, manifest, Resource);
        Replace(package, "content/Models/m.onnx", nearest);
        AssertFails(app, package, manifest, "content/Models/m.onnx");
        Replace(package, "content/Models/m.onnx", Path.Combine(folder, "Models/m.onnx"));
        Assert.AreEqual(0, Gate(app, package, manifest).ExitCode);
        Replace(package, "lib/net10.0/App.dll", bad);
        AssertFails(app, package, manifest, Resource);
    }

    private static (int ExitCode, string Output) Gate(App app, string release, string manifest) =>
        DotNet.Run(app.Folder, "exec", app.Tool, "verify", release, "--manifest", manifest);

    private static void AssertFails(App app, string release, string manifest, string place)
    {
        var (exitCode, output) = Gate(app, release, manifest);
        Assert.AreEqual(1, exitCode, output);
        var line = output.Split('\n').First(l => l.Contains(place, StringComparison.Ordinal) && l.Contains('!', StringComparison.Ordinal));
        Assert.Contains("differs", output, line);
    }

    private static string NearestRounded(App app, string model)
    {
        var output = Path.Combine(app.Folder, "nearest.onnx");
        var (exitCode, text) = DotNet.Run(
            app.Folder,
            "exec", app.Tool, "harden", model, "--output", output, "--solver", "nearest",
            "--calibration", Path.Combine(app.Folder, "Models/calibration.npz"), "--calibration-scale", "1/255", "--samples", "256");
        Assert.AreEqual(0, exitCode, text);
        return output;
    }

    // The same app, as someone builds it who leaves the package's work out.
    private static string WithNearestRounding(App app, string nearest)
    {
        File.Copy(nearest, Path.Combine(app.Folder, "Models/m.onnx"), overwrite: true);
        app.Succeed("build", "-c", "Release", "-p:EfrapEnabled=false", "--no-restore");
        return Path.Combine(app.Folder, "bin/Release/net10.0/App.dll");
    }

    private static void Replace(string package, string entry, string file)
    {
        using var archive = ZipFile.Open(package, ZipArchiveMode.Update);
        archive.GetEntry(entry)!.Delete();
        archive.CreateEntryFromFile(file, entry);
    }
}
