using System.Text;
using System.Text.Json;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class ProjectReferenceTests
{
    [TestMethod]
    public void An_app_without_the_package_gets_the_hardened_model_of_the_library_that_it_references()
    {
        using var library = App.WithOneModel("""
            <PropertyGroup>
              <OutputType>Library</OutputType>
            </PropertyGroup>
            <ItemGroup>
              <Compile Remove="Program.cs" />
              <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
            </ItemGroup>
            """);
        var hardened = Path.Combine(library.Hardened, "Models/m.onnx");
        var original = Path.Combine(library.Folder, "Models/m.onnx");
        var consumer = library.Write("../consumer/Consumer.csproj", Encoding.UTF8.GetBytes("""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../app/App.csproj" />
              </ItemGroup>
            </Project>
            """));
        library.Write("../consumer/Program.cs", "System.Console.WriteLine();"u8.ToArray());

        library.Succeed("publish", consumer, "-c", "Debug", "-o", "out");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(library.Folder, "out/Models/m.onnx")), hardened, original);

        // As Visual Studio builds: each project by itself, asking the others for their items only.
        var copy = Path.Combine(library.Folder, "../consumer/bin/Debug/net10.0/Models/m.onnx");
        File.Delete(copy);
        Assert.AreEqual(0, library.Succeed("build", consumer, "--no-restore", "--no-dependencies").WorkerStarts);
        Bytes.AreHardened(File.ReadAllBytes(copy), hardened, original);
    }

    [TestMethod]
    public void What_referenced_projects_ship_is_looked_at_and_in_the_manifest()
    {
        const string Quick = "<PropertyGroup><EfrapLattices>int8-per-channel</EfrapLattices><EfrapProbeTime>0</EfrapProbeTime></PropertyGroup>";
        const string References = "<ItemGroup><ProjectReference Include=\"../with/With.csproj\" /><ProjectReference Include=\"../without/Without.csproj\" /></ItemGroup>";
        using var app = App.WithOneModel(Quick + References);
        app.Write("../with/With.csproj", Library($"""
            {Quick}
            <ItemGroup>
              <PackageReference Include="Efrap.Build" Version="{PackedPackage.Version}" PrivateAssets="all" />
              <Content Include="m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EmbeddedResource Include="m.onnx" LogicalName="model" />
              <EfrapModel Include="m.onnx" Calibration="../app/Models/calibration.npz" />
            </ItemGroup>
            """));
        app.Write("../without/Without.csproj", Library("""<ItemGroup><Content Include="data/plain.onnx" CopyToOutputDirectory="PreserveNewest" /></ItemGroup>"""));
        var original = app.Write("../with/m.onnx", TinyModel.Create(seed: 2));
        var plain = app.Write("../without/data/plain.onnx", TinyModel.Create(seed: 3));

        app.Succeed("restore");
        var build = app.Succeed("build", "--no-restore", "-graph");

        Bytes.AreHardened(
            File.ReadAllBytes(Path.Combine(app.Output, "m.onnx")), Path.Combine(app.Folder, "../with/obj/Debug/net10.0/efrap/m.onnx"), original);
        var warning = build.Warnings.Single(warning => warning.Code == "EFRAP3003");
        Assert.AreEqual(plain, warning.File);
        using (var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(app.Hardened, "efrap.manifest.json"))))
        {
            CollectionAssert.AreEqual(
                new[]
                {
                    "../with/m.onnx harden True With.dll model, m.onnx",
                    "../without/data/plain.onnx audit False data/plain.onnx",
                },
                manifest.RootElement.GetProperty("models").EnumerateArray().Select(Line).ToArray());
        }

        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts);
        app.WriteProject(Quick + References + """<ItemGroup><EfrapModel Include="../without/data/plain.onnx" Calibration="Models/calibration.npz" /></ItemGroup>""");
        var error = app.Run("build", "--no-restore").Errors.Single();
        Assert.AreEqual(("EFRAP0006", plain), (error.Code, error.File), "the original would ship");

        static byte[] Library(string items) => Encoding.UTF8.GetBytes($"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              {items}
            </Project>
            """);

        static string Line(JsonElement model) =>
            $"{model.GetProperty("model")} {model.GetProperty("action")} {model.GetProperty("listed")} "
            + string.Join(", ", model.GetProperty("places").EnumerateArray().Select(place =>
                string.Join(' ', place.EnumerateObject().Select(member => member.Value.GetString()))));
    }
}
