using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>What the build shipped passes in every kind of release; after one model in it is replaced, it fails.</summary>
[TestClass]
public sealed class ReplacedModelsFailTests : ReleaseTest
{
    private const string Resource = "App.Models.a.onnx";

    private static readonly byte[] _manifest = OfSamples(In("App.dll", Resource));

    [TestMethod]
    [DataRow("folder", "App.dll!App.Models.a.onnx", "Models/b.onnx")]
    [DataRow("zip", "App.dll!App.Models.a.onnx", "Models/b.onnx")]
    [DataRow("nupkg", "lib/net10.0/App.dll!App.Models.a.onnx", "contentFiles/any/net10.0/Models/b.onnx")]
    [DataRow("app", "App.dll!App.Models.a.onnx", "Models/b.onnx")]
    [DataRow("compressed app", "App.dll!App.Models.a.onnx", "Models/b.onnx")]
    [DataRow("app in a folder", "App!App.dll!App.Models.a.onnx", "App!Models/b.onnx")]
    public void In_every_kind_of_release(string kind, string first, string second)
    {
        var good = Verify(kind, SampleModels.Hardened, SampleModels.Audited);
        Assert.AreEqual(ReleaseVerdict.Pass, good.Verdict, string.Join(' ', good.Problems));
        CollectionAssert.AreEqual(new[] { first, second }.Order(StringComparer.Ordinal).ToArray(), good.Models.Select(m => m.Place).ToArray());
        Assert.IsEmpty(good.NotHere);
        Assert.IsEmpty(good.NotChecked);
        Assert.IsTrue(good.Models.All(m => m is { Outcome: ReleaseOutcome.AsShipped, Passes: true }));

        var resource = Verify(kind, SampleModels.Nearest, SampleModels.Audited);
        StringAssert.StartsWith(Problem(resource), $"{first} differs from what the build shipped as 'Models/a.onnx'");
        Assert.AreEqual(ReleaseOutcome.Different, resource.Models.Single(m => !m.Passes).Outcome);

        var file = Verify(kind, SampleModels.Hardened, SampleModels.Nearest);
        StringAssert.StartsWith(Problem(file), $"{second} differs from what the build shipped as 'Models/b.onnx'");
    }

    [TestMethod]
    public void In_an_assembly()
    {
        var manifest = Of(Hardened("Models/a.onnx", In("App.dll", Resource)));
        Assert.AreEqual(ReleaseVerdict.Pass, Verify(manifest, "App.dll", Containers.Assembly((Resource, SampleModels.Hardened))).Verdict);
        var replaced = Verify(manifest, "App.dll", Containers.Assembly((Resource, SampleModels.Nearest)));
        StringAssert.StartsWith(Problem(replaced), $"App.dll!{Resource} differs");
        Assert.AreEqual("assembly", replaced.Kind);
    }

    [TestMethod]
    public void Before_they_were_hardened_they_are_called_so()
    {
        var report = Verify("folder", SampleModels.Original, SampleModels.Audited);
        Assert.AreEqual($"App.dll!{Resource} is the original of 'Models/a.onnx', not hardened.", Problem(report));
        Assert.AreEqual(ReleaseOutcome.Original, report.Models[0].Outcome);
    }

    [TestMethod]
    public void That_nobody_knows_fail()
    {
        var report = Verify(_manifest, ("App.dll", Containers.Assembly((Resource, SampleModels.Hardened))), ("extra.onnx", SampleModels.Nearest));
        StringAssert.StartsWith(Problem(report), "extra.onnx is not in the manifest");
        CollectionAssert.AreEqual(new[] { "Models/b.onnx" }, report.NotHere.ToArray());
    }

    private ReleaseReport Verify(string kind, byte[] first, byte[] second)
    {
        var assembly = Containers.Assembly(("App.Strings.resources", [1, 2, 3]), (Resource, first));
        var library = Containers.Assembly();
        return kind switch
        {
            "folder" => Verify(_manifest, ("App.dll", assembly), ("Library.dll", library), ("Models/b.onnx", second), ("App.deps.json", "{}"u8.ToArray())),
            "zip" => Verify(_manifest, "app.zip", Containers.Zip(("Models/", []), ("App.dll", assembly), ("Models/b.onnx", second))),
            "nupkg" => Verify(_manifest, "App.1.0.0.nupkg", Containers.Zip(
                ("lib/net10.0/App.dll", assembly), ("contentFiles/any/net10.0/Models/b.onnx", second), ("App.nuspec", "<package/>"u8.ToArray()))),
            "app" => Verify(_manifest, "App", Containers.App(false, ("App.dll", assembly), ("Models/b.onnx", second), ("Library.dll", library))),
            "compressed app" => Verify(_manifest, "App", Containers.App(true, ("App.dll", assembly), ("Models/b.onnx", second))),
            _ => Verify(_manifest, ("App", Containers.App(false, ("App.dll", assembly), ("Models/b.onnx", second)))),
        };
    }
}
