using System.IO.Compression;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class PackTests
{
    private const string Items = """
        <PropertyGroup>
          <OutputType>Library</OutputType>
          <EfrapLattices>int8-per-channel</EfrapLattices>
          <EfrapProbeTime>0</EfrapProbeTime>
          <NoWarn>$(NoWarn);NU5128</NoWarn>
        </PropertyGroup>
        <ItemGroup>
          <Compile Remove="Program.cs" />
          <Content Include="Models/**/*.onnx;top.onnx" />
          <Content Include="tree/**/*.onnx" PackagePath="roots/" />
          <None Include="../outside/linked.onnx" Link="elsewhere/linked.onnx" Pack="true" />
          <None Include="root.onnx" Pack="true" PackagePath="" />
          <EmbeddedResource Include="Models/m.onnx" LogicalName="model" />
          <EfrapModel Include="Models/**/*.onnx;tree/**/*.onnx;../outside/linked.onnx;root.onnx;top.onnx" Calibration="Models/calibration.npz" />
        </ItemGroup>
        """;

    [TestMethod]
    [DataRow("<TargetFramework>net10.0</TargetFramework>", DisplayName = "one framework")]
    [DataRow("<TargetFramework /><TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>", DisplayName = "several frameworks")]
    public void Hardened_models_are_packed_where_the_originals_would_have_been(string frameworks)
    {
        using var app = App.WithOneModel($"<PropertyGroup>{frameworks}</PropertyGroup>{Items}");
        string[] models = ["Models/m.onnx", "Models/deep/er.onnx", "tree/a/branch.onnx", "../outside/linked.onnx", "root.onnx", "top.onnx"];
        for (var i = 0; i < models.Length; i++)
            app.Write(models[i], TinyModel.Create(seed: i));
        app.Succeed("pack", "-o", "originals", "-p:EfrapEnabled=false");
        var originals = Packed(app, "originals");

        app.Succeed("pack", "-o", "out", "--no-restore");
        var packed = Packed(app, "out");

        CollectionAssert.AreEquivalent(originals.Keys.ToArray(), packed.Keys.ToArray(), "a model is at another place");
        Assert.Contains("content/Models/deep/er.onnx", packed.Keys);
        Assert.Contains("roots/a/branch.onnx", packed.Keys);
        Assert.Contains("root.onnx", packed.Keys);
        Assert.Contains("content/top.onnx", packed.Keys);
        foreach (var (name, bytes) in packed)
        {
            var model = models.Single(model => Path.GetFileName(model) == Path.GetFileName(name));
            var hardened = Path.Combine(app.Folder, "obj/Release/net10.0/efrap", model.Replace("../", "__/", StringComparison.Ordinal));
            Bytes.AreHardened(bytes, hardened, Path.Combine(app.Folder, model));
        }

        Assert.AreEqual(0, app.Succeed("pack", "-o", "again", "--no-build").WorkerStarts);
        var again = Packed(app, "again");
        CollectionAssert.AreEquivalent(packed.Keys.ToArray(), again.Keys.ToArray());
        Assert.IsTrue(packed.All(file => file.Value.AsSpan().SequenceEqual(again[file.Key])));
    }

    [TestMethod]
    public void What_comes_into_a_package_past_the_build_is_an_error()
    {
        using var app = App.WithOneModel($"""
            {Items.Replace("Models/**/*.onnx;tree/**/*.onnx;../outside/linked.onnx;root.onnx;top.onnx", "Models/m.onnx", StringComparison.Ordinal)}
            <Target Name="Smuggle" BeforeTargets="GenerateNuspec">
              <ItemGroup>
                <_PackageFiles Include="Models/m.onnx" PackagePath="smuggled/" />
                <_PackageFiles Include="other.onnx" PackagePath="smuggled/" />
              </ItemGroup>
            </Target>
            """);
        app.Write("other.onnx", TinyModel.Create(seed: 9));
        app.Write("root.onnx", TinyModel.Create(seed: 8));
        app.Write("top.onnx", TinyModel.Create(seed: 6));
        app.Write("../outside/linked.onnx", TinyModel.Create(seed: 7));

        app.Succeed("restore");
        Assert.AreEqual("EFRAP0007", app.Run("pack", "-o", "out", "--no-build").Errors[0].Code, "nothing was built");
        var pack = app.Run("pack", "-o", "out");

        Assert.AreNotEqual(0, pack.ExitCode);
        Assert.HasCount(2, pack.Errors, pack.Output);
        Assert.IsTrue(pack.Errors.All(error => error.Code == "EFRAP0010" && Path.GetExtension(error.File) == ".nupkg"));
        Assert.Contains("'smuggled/m.onnx' in it is the original of the model 'Models/m.onnx'", pack.Errors[0].Text);
        Assert.Contains("'smuggled/other.onnx' in it is no model of the build's manifest", pack.Errors[1].Text);
        Assert.HasCount(3, pack.Warnings.Where(warning => warning.Code == "EFRAP3003"), "what nobody listed and is packed is audited");
    }

    private static Dictionary<string, byte[]> Packed(App app, string folder)
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(Path.Combine(app.Folder, folder), "*.nupkg").Single());
        return package.Entries.Where(entry => entry.Name.EndsWith(".onnx", StringComparison.Ordinal)).ToDictionary(entry => entry.FullName, Read);

        static byte[] Read(ZipArchiveEntry entry)
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
