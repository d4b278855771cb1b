using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>Without a given manifest, the one that the build left in the release counts, if that is beyond doubt.</summary>
[TestClass]
public sealed class ManifestIsFoundTests : ReleaseTest
{
    private static readonly byte[] _manifest = Of(Hardened("a.onnx", At("a.onnx")));
    private static readonly byte[] _other = Of();

    [TestMethod]
    [DataRow("efrap.manifest.json")]
    [DataRow("deep/in/efrap.manifest.json")]
    public void In_a_folder(string path)
    {
        var report = Search((path, _manifest), ("a.onnx", SampleModels.Hardened));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual(new ReleaseManifestRecord(path, Digest.Of(_manifest), ManifestOrigin.Inside, "0.1.0"), report.Manifest);
        StringAssert.Contains(report.Notes.Single(), "whoever can change the one can change the other");
    }

    [TestMethod]
    public void At_the_root_before_others() =>
        Assert.AreEqual("efrap.manifest.json", Search(("efrap.manifest.json", _manifest), ("b/efrap.manifest.json", _other), ("a.onnx", SampleModels.Hardened)).Manifest.Name);

    [TestMethod]
    public void In_several_equal_copies() =>
        Assert.AreEqual(ReleaseVerdict.Pass, Search(("a/efrap.manifest.json", _manifest), ("b/efrap.manifest.json", _manifest), ("a.onnx", SampleModels.Hardened)).Verdict);

    [TestMethod]
    public void In_a_package_in_a_folder()
    {
        var package = Containers.Zip(("content/a.onnx", SampleModels.Hardened), ("content/efrap.manifest.json", _manifest));
        var report = Search(("App.1.0.0.nupkg", package));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual("App.1.0.0.nupkg!content/efrap.manifest.json", report.Manifest.Name);
    }

    [TestMethod]
    public void Beside_an_assembly()
    {
        Folder.Write("bin/efrap.manifest.json", Of(Hardened("a.onnx", In("App.dll", "a"))));
        var path = Folder.Write("bin/App.dll", Containers.Assembly(("a", SampleModels.Hardened)));
        var report = VerifyRelease.Run(new VerifyReleaseOptions(path));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual(ManifestOrigin.Beside, report.Manifest.Origin);
    }

    [TestMethod]
    public void Not_where_there_is_none() => StringAssert.Contains(
        Refusal.Expect(EfrapCode.ManifestInvalid, () => Search(("a.onnx", SampleModels.Hardened))), "there is no efrap.manifest.json in it; name the manifest");

    [TestMethod]
    public void Not_where_several_differ() => StringAssert.Contains(
        Refusal.Expect(EfrapCode.ManifestInvalid, () => Search(("a/efrap.manifest.json", _manifest), ("b/efrap.manifest.json", _other))),
        "several manifests, a/efrap.manifest.json and b/efrap.manifest.json");

    [TestMethod]
    public void Not_where_it_is_wrong()
    {
        var e = Assert.ThrowsExactly<EfrapException>(() => Search(("m/efrap.manifest.json", "{\n1"u8.ToArray())));
        Assert.AreEqual((EfrapCode.ManifestInvalid, 2), (e.Code, e.Line));
        StringAssert.EndsWith(e.File, Path.Combine("release", "m/efrap.manifest.json"));
    }

    [TestMethod]
    public void A_given_one_that_is_not_there_is_refused() => StringAssert.Contains(
        Refusal.Expect(EfrapCode.ManifestInvalid, () => VerifyRelease.Run(new VerifyReleaseOptions(Folder.Path) { ManifestPath = Folder.File("absent") })),
        "there is no such file");

    private ReleaseReport Search(params (string Path, byte[] Bytes)[] files)
    {
        foreach (var (path, bytes) in files)
            Folder.Write("release/" + path, bytes);
        return VerifyRelease.Run(new VerifyReleaseOptions(Folder.File("release")));
    }
}
