using System.Text;
using System.Text.Json;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class LanguageTests
{
    [TestMethod]
    [DataRow("fsproj", "Program.fs", "printfn \"\"", "<ItemGroup><Compile Include=\"Program.fs\" /></ItemGroup>", DisplayName = "F#")]
    [DataRow("vbproj", "Program.vb", "Module Program\nSub Main()\nEnd Sub\nEnd Module", "", DisplayName = "Visual Basic")]
    public void Models_of_other_languages_are_embedded_and_copied_hardened(string extension, string file, string code, string items)
    {
        using var app = App.WithOneModel($"""
            <PropertyGroup>
              <EfrapLattices>int8-per-channel</EfrapLattices>
              <EfrapProbeTime>0</EfrapProbeTime>
            </PropertyGroup>
            {items}
            <ItemGroup>
              <EmbeddedResource Include="Models/m.onnx" />
              <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
            </ItemGroup>
            """);
        File.Move(app.Project, Path.ChangeExtension(app.Project, extension));
        app.Write(file, Encoding.UTF8.GetBytes(code));

        app.Succeed("build");

        var (hardened, original) = (Path.Combine(app.Hardened, "Models/m.onnx"), Path.Combine(app.Folder, "Models/m.onnx"));
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Output, "Models/m.onnx")), hardened, original);
        var (name, bytes) = Bytes.Resources(Path.Combine(app.Output, "App.dll")).Single(resource => resource.Key.EndsWith("m.onnx", StringComparison.Ordinal));
        Bytes.AreHardened(bytes, hardened, original);
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(app.Hardened, "efrap.manifest.json")));
        var place = manifest.RootElement.GetProperty("models")[0].GetProperty("places")[0];
        Assert.AreEqual(("App.dll", name), (place.GetProperty("assembly").GetString(), place.GetProperty("resource").GetString()));
    }
}
