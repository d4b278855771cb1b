using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class CacheTests
{
    private const string Items = """
        <ItemGroup>
          <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
        </ItemGroup>
        """;

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("efrap-cache é-");

    private string Cache => $"-p:EfrapCacheDir={_cache.FullName}";

    [TestCleanup]
    public void Delete() => _cache.Delete(recursive: true);

    [TestMethod]
    public void What_one_app_had_made_another_one_takes()
    {
        using var first = App.WithOneModel(Items);
        using var second = App.WithOneModel(Items);
        var one = first.Succeed("build", Cache);
        var other = second.Succeed("build", Cache);

        Assert.AreEqual((1, 0), (one.WorkerStarts, other.WorkerStarts));
        CollectionAssert.AreEqual(Shipped(first), Shipped(second));
        CollectionAssert.AreEqual(Made(first), Made(second), "report, record and evidence are the same, too");
        CollectionAssert.AreEqual(Warnings(one), Warnings(other), "what was found is said again");
        Assert.IsFalse(second.Succeed("build", Cache).Ran("_EfrapDeleteOutOfDate"), "what was restored is up to date");
    }

    [TestMethod]
    public void Another_configuration_and_a_clean_build_start_no_worker()
    {
        using var app = App.WithOneModel(Items);
        app.Succeed("build", Cache);
        Assert.AreEqual(0, app.Succeed("build", Cache, "-c", "Release").WorkerStarts);
        app.Succeed("clean", Cache);
        Assert.AreEqual(0, app.Succeed("build", Cache).WorkerStarts);
        CollectionAssert.AreNotEqual(File.ReadAllBytes(Path.Combine(app.Folder, "Models/m.onnx")), Shipped(app));
    }

    [TestMethod]
    public void Target_frameworks_that_build_at_once_share_one_run()
    {
        using var app = App.WithOneModel("<PropertyGroup><TargetFramework /><TargetFrameworks>net10.0;net9.0</TargetFrameworks></PropertyGroup>" + Items);
        Assert.AreEqual(1, app.Succeed("build", Cache, "-m:2").WorkerStarts);
        CollectionAssert.AreEqual(Shipped(app), File.ReadAllBytes(Path.Combine(app.Output, "../net9.0/Models/m.onnx")));
    }

    [TestMethod]
    public void A_cache_that_cannot_be_written_is_no_cache()
    {
        using var app = App.WithOneModel(Items);
        var file = app.Write("file", [1]);
        Assert.AreEqual(1, app.Succeed("build", $"-p:EfrapCacheDir={file}").WorkerStarts);
    }

    private static byte[] Shipped(App app) => File.ReadAllBytes(Path.Combine(app.Output, "Models/m.onnx"));

    private static string[] Made(App app) =>
    [
        .. Directory.GetFiles(Path.Combine(app.Hardened, "Models"))
            .Where(path => !path.EndsWith(".settings", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetFileName(path)} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];

    private static string[] Warnings(BuildOutcome outcome) => [.. outcome.Warnings.Select(w => $"{w.Code} {Path.GetFileName(w.File)} {w.Text}")];
}
