using System.Security.Cryptography;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

/// <summary>The build says which models it ships, and what lies in its folders is what it says.</summary>
[TestClass]
public sealed class ManifestTests
{
    private const string Items = """
        <PropertyGroup>
          <EfrapMode>Report</EfrapMode>
          <EfrapLattices>int8-per-channel</EfrapLattices>
          <EfrapProbeTime>0</EfrapProbeTime>
        </PropertyGroup>
        <ItemGroup>
          <EmbeddedResource Include="Models/m.onnx" LogicalName="model" />
          <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" TargetPath="net/m.onnx" />
          <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
          <Content Include="Models/classifier.onnx" CopyToPublishDirectory="PreserveNewest" />
          <EfrapModel Include="$(MSBuildProjectDirectory)/Models/classifier.onnx" Action="Audit" />
          <EmbeddedResource Include="../outside/unlisted.onnx" Link="Data/unlisted.onnx" />
          <None Include="Models/skipped.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EfrapModel Include="Models/skipped.onnx" Action="Skip" />
        </ItemGroup>
        <Target Name="CopyOver" AfterTargets="Build" Condition="'$(CopyOver)' == 'true'">
          <Copy SourceFiles="Models/m.onnx" DestinationFiles="$(OutDir)net/m.onnx" />
        </Target>
        """;

    [TestMethod]
    public void It_says_what_ships_where_and_what_is_known_of_it()
    {
        using var app = WithFourModels();
        app.Succeed("build", "-p:EfrapPublishManifest=true");

        var manifest = File.ReadAllText(Path.Combine(app.Hardened, "efrap.manifest.json"));
        Assert.AreEqual(
            $$"""
            {
              "schemaVersion": 1,
              "engineVersion": "{{PackedPackage.Version}}",
              "models": [
                {
                  "model": "../outside/unlisted.onnx",
                  "action": "audit",
                  "listed": false,
                  "sha256": "{{Hash(app, "../outside/unlisted.onnx")}}",
                  "verdict": "warn",
                  "places": [
                    {
                      "assembly": "App.dll",
                      "resource": "App.Data.unlisted.onnx"
                    }
                  ]
                },
                {
                  "model": "Models/classifier.onnx",
                  "action": "audit",
                  "listed": true,
                  "sha256": "{{Hash(app, "Models/classifier.onnx")}}",
                  "verdict": "fail",
                  "places": [
                    {
                      "path": "Models/classifier.onnx"
                    }
                  ]
                },
                {
                  "model": "Models/m.onnx",
                  "action": "harden",
                  "listed": true,
                  "sha256": "{{Hash(app, "bin/Debug/net10.0/net/m.onnx")}}",
                  "verdict": "warn",
                  "rounding": "efrap",
                  "originalSha256": "{{Hash(app, "Models/m.onnx")}}",
                  "attestation": {
                    "name": "m.onnx.harden.intoto.json",
                    "sha256": "{{Hash(app, "obj/Debug/net10.0/efrap/Models/m.onnx.harden.intoto.json")}}"
                  },
                  "places": [
                    {
                      "assembly": "App.dll",
                      "resource": "model"
                    },
                    {
                      "path": "net/m.onnx"
                    }
                  ]
                },
                {
                  "model": "Models/skipped.onnx",
                  "action": "skip",
                  "listed": true,
                  "sha256": "{{Hash(app, "Models/skipped.onnx")}}",
                  "places": [
                    {
                      "path": "Models/skipped.onnx"
                    }
                  ]
                }
              ]
            }

            """.ReplaceLineEndings("\n"),
            manifest);
        Assert.AreEqual(manifest, File.ReadAllText(Path.Combine(app.Output, "efrap.manifest.json")));

        app.Succeed("publish", "-c", "Debug", "-o", "out", "--no-build", "-p:EfrapPublishManifest=true");
        Assert.AreEqual(manifest, File.ReadAllText(Path.Combine(app.Folder, "out/efrap.manifest.json")));

        // An output without its record is that of a run that was interrupted.
        File.Delete(Path.Combine(app.Hardened, "Models/m.onnx.record"));
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts);
        Assert.AreEqual(manifest, File.ReadAllText(Path.Combine(app.Hardened, "efrap.manifest.json")));
        Assert.IsFalse(File.Exists(Path.Combine(app.Output, "efrap.manifest.json")), "nobody asks for it any more");
        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts);
        Assert.IsTrue(File.Exists(Path.Combine(app.Hardened, "efrap.manifest.json")), "an up-to-date build deleted it");
    }

    [TestMethod]
    public void What_lies_in_the_folders_otherwise_is_an_error()
    {
        using var app = WithFourModels();

        var build = app.Run("build", "-p:CopyOver=true");

        Assert.AreNotEqual(0, build.ExitCode);
        AssertError(build, "bin/Debug/net10.0/net/m.onnx", "is the original of the model 'Models/m.onnx', not the hardened one");
        File.SetLastWriteTimeUtc(Path.Combine(app.Output, "net/m.onnx"), DateTime.UtcNow);
        AssertError(app.Run("build", "--no-restore"), "bin/Debug/net10.0/net/m.onnx", "is the original");
        File.Delete(Path.Combine(app.Output, "net/m.onnx"));
        app.Succeed("publish", "-c", "Debug", "-o", "out", "--no-restore");

        // Of the same size.
        var published = Path.Combine(app.Folder, "out/Models/classifier.onnx");
        var bytes = File.ReadAllBytes(published);
        bytes[^1] ^= 1;
        File.WriteAllBytes(published, bytes);
        AssertError(
            app.Run("publish", "-c", "Debug", "-o", "out", "--no-build"),
            "out/Models/classifier.onnx",
            "is not what the build made of the model 'Models/classifier.onnx'");
        File.Delete(published);

        // What a step between compiler and output does to the assembly.
        var assembly = Path.Combine(app.Hardened, "../App.dll");
        bytes = File.ReadAllBytes(assembly);
        var unlisted = File.ReadAllBytes(Path.Combine(app.Folder, "../outside/unlisted.onnx"));
        bytes[bytes.AsSpan().IndexOf(unlisted) + 100] ^= 1;
        File.WriteAllBytes(assembly, bytes);
        AssertError(app.Run("build", "--no-restore"), "bin/Debug/net10.0/App.dll", "the resource 'App.Data.unlisted.onnx'");

        void AssertError(BuildOutcome outcome, string file, string text)
        {
            var error = outcome.Errors.Single();
            Assert.AreEqual("EFRAP0010", error.Code, error.Text);
            Assert.AreEqual(Path.Combine(app.Folder, file), error.File);
            Assert.Contains(text, error.Text);
        }
    }

    private static App WithFourModels()
    {
        var app = App.WithOneModel(Items);
        app.Write("Models/classifier.onnx", Repository.Fixture("shapes-qcb-int8.onnx"));
        app.Write("Models/skipped.onnx", TinyModel.Create(seed: 3));
        app.Write("../outside/unlisted.onnx", TinyModel.Create(seed: 2));
        return app;
    }

    private static string Hash(App app, string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(app.Folder, file))));
}
