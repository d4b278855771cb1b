using System.Text;
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
}
