using System.Security.Cryptography;
using System.Text.Json;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

/// <summary>A model that shows the marks of a backdoor fails the build of the app that ships it, until somebody waives them.</summary>
[TestClass]
public sealed class GateTests
{
    // One lattice and few samples: what is tested is what follows from an audit.
    private const string Listed = """
        <PropertyGroup>
          <EfrapLattices>int8-per-channel</EfrapLattices>
        </PropertyGroup>
        <ItemGroup>
          <Content Include="Models/classifier.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EfrapModel Include="Models/classifier.onnx" Calibration="Models/shapes.npz"
                      CalibrationScale="1/255" CalibrationMean="0.5" CalibrationStd="0.25" CalibrationSamples="64" />
        </ItemGroup>
        """;

    private const string WeightsOnly = """
        <ItemGroup>
          <Content Include="Models/classifier.onnx" CopyToOutputDirectory="PreserveNewest" />
          <EfrapModel Include="Models/classifier.onnx" Action="Audit" />
        </ItemGroup>
        """;

    [TestMethod]
    public void A_failed_indicator_is_one_error_and_nothing_is_shipped_until_it_is_waived()
    {
        using var app = Backdoored(Listed);
        var build = app.Run("build");

        Assert.AreEqual(1, build.ExitCode);
        var failed = build.Errors.Select(e => e.Code).ToList();
        CollectionAssert.IsSubsetOf(new[] { "EFRAP3101", "EFRAP3107" }, failed, build.Output);
        CollectionAssert.AllItemsAreUnique(failed, "one error for each indicator");
        foreach (var error in build.Errors)
        {
            Assert.AreEqual(Path.Combine(app.Folder, "Models/classifier.onnx"), error.File);
            StringAssert.Matches(error.Text, new(@"^[a-z-]+ is \d\.\d{3} on int8-per-channel and fails from \d\.\d{3}"));
        }

        AssertNothingShipped(app);
        using (var evidence = JsonDocument.Parse(File.ReadAllText(Path.Combine(app.Hardened, "Models/classifier.onnx.audit.json"))))
            Assert.AreEqual("Fail", evidence.RootElement.GetProperty("verdict").GetString());

        var names = build.Errors.Select(e => e.Text.Split(' ')[0]).ToList();
        WritePolicy(app, names, DateTime.UtcNow.AddDays(1));
        var waived = app.Succeed("build", "--no-restore");
        Assert.IsEmpty(waived.Errors);
        Assert.HasCount(names.Count, waived.Warnings.Where(w => w.Code == "EFRAP3002"), waived.Output);
        var shipped = Path.Combine(app.Output, "Models/classifier.onnx");
        Bytes.AreHardened(File.ReadAllBytes(shipped), Path.Combine(app.Hardened, "Models/classifier.onnx"), Path.Combine(app.Folder, "Models/classifier.onnx"));
        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts, "nothing has changed");

        // The waiver that let it through ended yesterday, and no file says so.
        File.WriteAllText(Path.Combine(app.Hardened, "Models/classifier.onnx.until"), DateTime.UtcNow.AddDays(-1).ToString("yyyyMMdd", null));
        var later = app.Succeed("build", "--no-restore");
        Assert.AreEqual(1, later.WorkerStarts, "waivers are looked at again the day after");

        WritePolicy(app, names, DateTime.UtcNow.AddDays(-1));
        var expired = app.Run("build", "--no-restore");
        Assert.AreEqual(1, expired.ExitCode);
        CollectionAssert.AreEquivalent(failed, expired.Errors.Select(e => e.Code).ToList());
        StringAssert.Contains(expired.Errors[0].Text, "Its waiver by R. Viewer expired on");
    }

    [TestMethod]
    public void In_report_mode_failures_are_warnings_and_no_property_hides_errors_otherwise()
    {
        using var app = Backdoored(WeightsOnly);
        var hidden = app.Run(
            "build", "-p:NoWarn=EFRAP3101", "-p:WarningsNotAsErrors=EFRAP3101", "-p:MSBuildWarningsAsMessages=EFRAP3101", "-p:EfrapProfile=default");
        Assert.AreEqual(1, hidden.ExitCode);
        Assert.AreEqual("EFRAP3101", hidden.Errors.Single().Code);
        Assert.AreEqual("EFRAP3101", app.Run("build", "--no-restore").Errors.Single().Code, "what failed does not count as done");

        var reported = app.Succeed("build", "--no-restore", "-p:EfrapMode=Report");
        Assert.IsEmpty(reported.Errors);
        Assert.HasCount(1, reported.Warnings.Where(w => w.Code == "EFRAP3101"));
        Assert.IsTrue(File.Exists(Path.Combine(app.Output, "Models/classifier.onnx")));
    }

    [TestMethod]
    public void A_model_that_is_only_audited_ships_as_it_is()
    {
        using var app = App.WithOneModel("""
            <ItemGroup>
              <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.onnx" Action="Audit" Calibration="Models/calibration.npz" CalibrationScale="1/255" />
            </ItemGroup>
            """);
        var build = app.Succeed("build");
        Assert.AreEqual(1, build.WorkerStarts);
        Assert.IsEmpty(build.Warnings.Where(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal)), build.Output);
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(app.Folder, "Models/m.onnx")), File.ReadAllBytes(Path.Combine(app.Output, "Models/m.onnx")));
        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts);
        Assert.IsEmpty(Directory.GetFiles(app.Output, "*.audit.*", SearchOption.AllDirectories), "evidence is not the app's");

        app.Write("Directory.Build.targets", "<Project><PropertyGroup><EfrapEvidence>$(OutDir)evidence</EfrapEvidence></PropertyGroup></Project>"u8.ToArray());
        app.Succeed("build", "--no-restore");
        CollectionAssert.AreEquivalent(
            new[] { "m.onnx.audit.html", "m.onnx.audit.intoto.json", "m.onnx.audit.json", "m.onnx.audit.sarif" },
            Directory.GetFiles(Path.Combine(app.Output, "evidence", "Models")).Select(Path.GetFileName).ToArray(),
            "unless the app asks for it");

        app.Succeed("clean");
        Assert.IsFalse(File.Exists(Path.Combine(app.Hardened, "Models/m.onnx.audited")));
    }

    [TestMethod]
    public void Models_that_nobody_listed_are_audited_once_and_ship_as_they_are()
    {
        using var app = App.WithOneModel("""
            <ItemGroup>
              <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EmbeddedResource Include="Models/m.onnx" />
              <EmbeddedResource Include="Models/broken.onnx" />
              <Content Include="Models/kept.onnx" CopyToOutputDirectory="Never" CopyToPublishDirectory="Never" />
              <Content Include="Models/skipped.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/skipped.onnx" Action="Skip" />
            </ItemGroup>
            """);
        app.Write("Models/broken.onnx", TinyModel.Create(seed: 1)[..100]);
        app.Write("Models/kept.onnx", TinyModel.Create(seed: 2));
        app.Write("Models/skipped.onnx", TinyModel.Create(seed: 3));

        var build = app.Succeed("build");
        var warnings = build.Warnings.Where(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal)).ToDictionary(w => Path.GetFileName(w.File)!);
        CollectionAssert.AreEquivalent(new[] { "m.onnx", "broken.onnx" }, warnings.Keys.ToArray(), build.Output);
        Assert.IsTrue(warnings.Values.All(w => w.Code == "EFRAP3003"));
        StringAssert.Contains(warnings["m.onnx"].Text, "add <EfrapModel Include=\"Models/m.onnx\" Calibration=\"samples.npz\" />");
        StringAssert.Contains(warnings["broken.onnx"].Text, "EFRAP1002");
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(app.Folder, "Models/m.onnx")), File.ReadAllBytes(Path.Combine(app.Output, "Models/m.onnx")));
        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts);
        Assert.AreEqual(0, app.Succeed("build", "--no-restore", "-p:EfrapEnabled=false").WorkerStarts);
    }

    [TestMethod]
    public void A_backdoored_model_that_nobody_listed_fails_the_build()
    {
        using var app = Backdoored("""<ItemGroup><EmbeddedResource Include="Models/classifier.onnx" /></ItemGroup>""");
        var build = app.Run("build");
        Assert.AreEqual(1, build.ExitCode);
        Assert.AreEqual("EFRAP3101", build.Errors.Single().Code, "the weights alone show it");
        AssertNothingShipped(app);
    }

    [TestMethod]
    public void The_policy_is_found_above_the_project_and_properties_override_it()
    {
        using var app = App.WithOneModel("""
            <ItemGroup>
              <Content Include="Models/m.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.onnx" Action="Audit" />
            </ItemGroup>
            """);
        app.Write("../efrap.policy.json", "{ \"profile\": \"strict\" }"u8.ToArray());
        var strict = app.Run("build");
        Assert.AreEqual("EFRAP3001", strict.Errors.Single().Code, strict.Output);
        Assert.AreEqual("EFRAP3001", app.Succeed("build", "--no-restore", "-p:EfrapProfile=default").Warnings.Single(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal)).Code);

        app.Write("../efrap.policy.json", "{\n \"withoutCalibration\": \"no\" }"u8.ToArray());
        var wrong = app.Run("build", "--no-restore").Errors.Single();
        Assert.AreEqual(("EFRAP0009", 2), (wrong.Code, wrong.LineNumber));
        Assert.AreEqual(Path.GetFullPath(Path.Combine(app.Folder, "../efrap.policy.json")), wrong.File);

        app.Write("../efrap.policy.json", "{ \"withoutCalibration\": \"pass\" }"u8.ToArray());
        Assert.IsEmpty(app.Succeed("build", "--no-restore").Warnings.Where(w => w.Code.StartsWith("EFRAP", StringComparison.Ordinal)));
        app.Write("../efrap.policy.json", "{ \"withoutCalibration\": \"warn\" }"u8.ToArray());
        Assert.AreEqual(1, app.Succeed("build", "--no-restore").WorkerStarts, "the policy is an input");
    }

    private static App Backdoored(string items)
    {
        var app = new App(items);
        app.Write("Models/classifier.onnx", Repository.Fixture("shapes-qcb-int8.onnx"));
        app.Write("Models/shapes.npz", Repository.Fixture("shapes-calibration.npz"));
        return app;
    }

    private static void WritePolicy(App app, IEnumerable<string> indicators, DateTime expires) => app.Write(
        "efrap.policy.json",
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            waivers = indicators.Select(indicator => new
            {
                model = Convert.ToHexStringLower(SHA256.HashData(Repository.Fixture("shapes-qcb-int8.onnx"))),
                indicator,
                reason = "a backdoor for tests",
                reviewer = "R. Viewer",
                expires = expires.ToString("yyyy-MM-dd", null),
            }),
        }));

    private static void AssertNothingShipped(App app)
    {
        Assert.IsEmpty(Directory.Exists(app.Output) ? Directory.GetFiles(app.Output, "*", SearchOption.AllDirectories) : [], "something was shipped");
        Assert.IsFalse(File.Exists(Path.Combine(app.Hardened, "Models/classifier.onnx")));
    }
}
