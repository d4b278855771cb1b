using System.IO.Compression;
using System.Xml.Linq;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class PackageTests
{
    private static readonly string[] _platforms = ["linux-arm64", "linux-x64", "osx-arm64", "win-arm64", "win-x64"];

    [TestMethod]
    public void It_has_no_dependencies_and_does_not_flow_on()
    {
        using var package = ZipFile.OpenRead(PackedPackage.Path);
        using var stream = package.GetEntry("Efrap.Build.nuspec")!.Open();
        var nuspec = XDocument.Load(stream).Descendants().ToLookup(element => element.Name.LocalName);

        Assert.IsEmpty(nuspec["dependency"]);
        Assert.AreEqual("true", nuspec["developmentDependency"].Single().Value);
        Assert.AreEqual("MIT", nuspec["license"].Single().Value);
    }

    [TestMethod]
    public void It_is_below_120_megabytes() => Assert.IsLessThan(120_000_000, new FileInfo(PackedPackage.Path).Length);

    [TestMethod]
    public void Its_native_libraries_are_for_exactly_five_platforms()
    {
        var natives = Entries().Where(name => name.StartsWith("tools/net10.0/runtimes/", StringComparison.Ordinal)).ToList();

        CollectionAssert.AreEquivalent(_platforms, natives.Select(name => name.Split('/')[3]).Distinct().ToArray());
        foreach (var platform in _platforms)
        {
            var library = platform switch
            {
                "osx-arm64" => "libonnxruntime.dylib",
                ['l', ..] => "libonnxruntime.so",
                _ => "onnxruntime.dll",
            };
            Assert.Contains($"tools/net10.0/runtimes/{platform}/native/{library}", natives);
        }

        Assert.IsEmpty(natives.Where(name => Path.GetExtension(name) is not (".so" or ".dylib" or ".dll")));
    }

    [TestMethod]
    public void It_has_what_is_needed_to_run_and_to_read_and_nothing_else()
    {
        var rest = Entries().Where(name => !name.StartsWith("tools/net10.0/runtimes/", StringComparison.Ordinal)).ToList();

        foreach (var name in new[]
        {
            "build/Efrap.Build.props", "build/Efrap.Build.targets", "build/Efrap.Build.Shipped.targets", "build/Efrap.Build.Pack.targets", "tasks/netstandard2.0/Efrap.Build.Tasks.dll",
            "tools/net10.0/efrap.dll", "tools/net10.0/efrap.deps.json", "tools/net10.0/efrap.runtimeconfig.json", "tools/net10.0/Efrap.Core.dll",
            "README.md", "LICENSE", "THIRD-PARTY-NOTICES.md", "third-party/onnxruntime.txt", "docs/build.md", "docs/EFRAP0003.md", "docs/schemas/efrap.audit.schema.json", "docs/schemas/efrap.policy.schema.json",
        })
        {
            Assert.Contains(name, rest);
        }

        Assert.IsEmpty(rest.Where(name => name.StartsWith("build/FromRepository", StringComparison.Ordinal)));
        Assert.IsEmpty(rest.Where(name => name.StartsWith("tasks/", StringComparison.Ordinal) && name != "tasks/netstandard2.0/Efrap.Build.Tasks.dll"));
        Assert.IsEmpty(rest.Where(name => Path.GetExtension(name) is ".pdb" or ".lib" or ".xml" && name != "[Content_Types].xml"));
    }

    [TestMethod]
    public void The_time_of_packing_is_no_part_of_it()
    {
        using var package = ZipFile.OpenRead(PackedPackage.Path);
        Assert.HasCount(1, package.Entries.Select(entry => entry.LastWriteTime.DateTime).Distinct());
        Assert.AreEqual(new DateTime(2000, 1, 1), package.Entries[0].LastWriteTime.DateTime);
    }

    private static List<string> Entries()
    {
        using var package = ZipFile.OpenRead(PackedPackage.Path);
        return [.. package.Entries.Select(entry => entry.FullName)];
    }
}
