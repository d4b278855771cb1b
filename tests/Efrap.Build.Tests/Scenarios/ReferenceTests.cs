using System.IO.Compression;
using System.Text.Json;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

/// <summary>What a project that references the package is to editors and to those who use what it makes.</summary>
[TestClass]
public sealed class ReferenceTests
{
    [TestMethod]
    public void Packing_with_a_reference_that_is_not_private_warns()
    {
        using var app = new App("""<ItemGroup><PackageReference Update="Efrap.Build" PrivateAssets="none" /></ItemGroup>""");

        var warning = app.Succeed("pack", "-o", "packed").Warnings.Single(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal));

        Assert.AreEqual("EFRAP0012", warning.Code);
        Assert.Contains("PrivateAssets=\"all\"", warning.Text);
        Assert.IsTrue(DependsOnEfrap(app));

        app.WriteProject("");
        File.Delete(Package(app));
        Assert.IsEmpty(app.Succeed("pack", "-o", "packed").Warnings.Where(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal)));
        Assert.IsFalse(DependsOnEfrap(app));
    }

    [TestMethod]
    public void Visual_Studio_is_told_what_models_are_made_of()
    {
        using var app = App.WithOneModel("""
            <ItemGroup>
              <EfrapModel Include="Models/m.onnx" Source="Models/s.onnx" Calibration="Models/calibration.npz" />
              <EfrapModel Include="Models/other.onnx" Action="Audit" />
            </ItemGroup>
            """);
        app.Write("efrap.policy.json", "{}"u8.ToArray());
        app.Succeed("restore");

        var (exitCode, output) = DotNet.Run(app.Folder, "msbuild", "-getItem:UpToDateCheckInput");

        Assert.AreEqual(0, exitCode, output);
        using var json = JsonDocument.Parse(output);
        var inputs = json.RootElement.GetProperty("Items").GetProperty("UpToDateCheckInput").EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!.Replace('\\', '/'));
        CollectionAssert.IsSubsetOf(
            new[] { "Models/m.onnx", "Models/s.onnx", "Models/calibration.npz", "Models/other.onnx", Path.Combine(app.Folder, "efrap.policy.json") },
            inputs.ToList());
    }

    private static string Package(App app) => Directory.GetFiles(Path.Combine(app.Folder, "packed"), "*.nupkg").Single();

    private static bool DependsOnEfrap(App app)
    {
        using var package = ZipFile.OpenRead(Package(app));
        using var reader = new StreamReader(package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        return reader.ReadToEnd().Contains("\"Efrap.Build\"", StringComparison.Ordinal);
    }
}
