using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>Containers in the release are looked into, those in them are not, and are listed.</summary>
[TestClass]
public sealed class NestingTests : ReleaseTest
{
    private static readonly byte[] _manifest = Of(Hardened("a.onnx", At("a.onnx")));

    [TestMethod]
    public void An_archive_in_a_folder_is_looked_into()
    {
        Assert.AreEqual(ReleaseVerdict.Pass, Verify(_manifest, ("p/x.zip", Containers.Zip(("content/a.onnx", SampleModels.Hardened)))).Verdict);
        StringAssert.StartsWith(
            Problem(Verify(_manifest, ("p/x.zip", Containers.Zip(("content/a.onnx", SampleModels.Nearest))))), "p/x.zip!content/a.onnx differs");
    }

    [TestMethod]
    public void An_archive_is_known_by_its_bytes() => StringAssert.StartsWith(
        Problem(Verify(_manifest, ("data.bin", Containers.Zip(("a.onnx", SampleModels.Nearest))))), "data.bin!a.onnx differs");

    [TestMethod]
    public void An_archive_is_known_by_its_name_whatever_it_begins_with()
    {
        byte[] archive = [.. "MZ a program that unpacks itself"u8, .. Containers.Zip(("a.onnx", SampleModels.Nearest))];
        Assert.AreEqual(ReleaseVerdict.Fail, Verify(_manifest, ("x.zip", archive), ("a.onnx", SampleModels.Hardened)).Verdict);
        var report = Verify(_manifest, ("x.zip", "hello"u8.ToArray()), ("a.onnx", SampleModels.Hardened));
        StringAssert.StartsWith(Problem(report), "x.zip cannot be looked into");
    }

    [TestMethod]
    public void An_app_may_have_any_size()
    {
        foreach (var before in new[] { (1 << 20) - 60, (1 << 20) - 30, (1 << 20) - 12, (1 << 20) - 3, (2 << 20) + 10 })
        {
            var moved = Containers.App(false, new byte[before], ("a.onnx", SampleModels.Nearest));
            StringAssert.StartsWith(Problem(Verify(_manifest, ("App", moved))), "App!a.onnx differs");
        }
    }

    [TestMethod]
    public void An_assembly_in_an_assembly_is_looked_into()
    {
        var inner = Containers.Assembly(("weights", SampleModels.Nearest));
        StringAssert.StartsWith(
            Problem(Verify(Of(), "App.dll", Containers.Assembly(("inner.dll", inner)))), "App.dll!inner.dll!weights is not in the manifest");
    }

    [TestMethod]
    public void What_lies_deeper_is_listed()
    {
        var deep = Containers.Zip(("a.onnx", SampleModels.Nearest));
        var report = Verify(_manifest, ("a.onnx", SampleModels.Hardened), ("x.zip", Containers.Zip(("App.dll", Containers.Assembly()), ("deep.zip", deep))));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual(
            new UncheckedFile("x.zip", "holds 2 archives, programs or libraries, which lie deeper than is looked into; the first is x.zip!App.dll"),
            report.NotChecked.Single());
    }

    [TestMethod]
    public void Places_that_read_the_same_are_kept_apart()
    {
        var report = Verify(
            _manifest,
            ("a!b", Containers.Zip(("a.onnx", SampleModels.Hardened))), ("a", Containers.App(false, ("b", Containers.Zip(("a.onnx", SampleModels.Nearest))))));
        StringAssert.StartsWith(Problem(report), "a!b!a.onnx differs");
        Assert.HasCount(2, report.Models);
        Assert.HasCount(1, report.Models.Where(m => m.Passes));
    }

    [TestMethod]
    public void Apps_in_apps_end()
    {
        var app = Containers.App(false, ("a.onnx", SampleModels.Hardened));
        for (var i = 0; i < 4; i++)
            app = Containers.App(false, ("app", app));
        var report = Verify(_manifest, ("App", app), ("a.onnx", SampleModels.Hardened));
        StringAssert.Contains(report.NotChecked.Single().Reason, "deeper");
    }

    [TestMethod]
    public void Native_programs_and_files_that_begin_like_archives_are_nobodys_fault()
    {
        var report = Verify(
            _manifest,
            ("a.onnx", SampleModels.Hardened),
            ("libx.so", "\u007FELF and more"u8.ToArray()),
            ("x.dll", "MZ and more"u8.ToArray()),
            ("empty", []),
            ("note.txt", "PK\u0003\u0004 is how archives begin"u8.ToArray()));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual("note.txt", report.NotChecked.Single().Place);
        StringAssert.StartsWith(report.NotChecked.Single().Reason, "cannot be looked into");
    }

    [TestMethod]
    public void A_large_container_inside_is_copied_and_gone_afterwards()
    {
        var before = TemporaryFiles();
        var padding = new byte[17 << 20];
        var manifest = Of(Hardened("a.onnx", In("App.dll", "a")));
        var release = Containers.Zip(("App.dll", Containers.Assembly(("padding", padding), ("a", SampleModels.Nearest))));
        StringAssert.StartsWith(Problem(Verify(manifest, "app.zip", release)), "App.dll!a differs");
        CollectionAssert.IsSubsetOf(TemporaryFiles(), before);
    }

    [TestMethod]
    public void Cancelled_it_leaves_nothing()
    {
        var before = TemporaryFiles();
        var path = Folder.Write("app.zip", Containers.Zip(("App.dll", Containers.Assembly(("padding", new byte[17 << 20])))));
        using var source = new CancellationTokenSource();
        var options = Options(Of(), path) with { ReportPath = Folder.File("report.json") };
        Assert.ThrowsExactly<OperationCanceledException>(() => VerifyRelease.Run(options, new CancelAtOnce(source), source.Token));
        CollectionAssert.IsSubsetOf(TemporaryFiles(), before);
        Assert.IsFalse(System.IO.File.Exists(options.ReportPath));
    }

    private static string[] TemporaryFiles() => Directory.GetFiles(Path.GetTempPath(), "efrap-*.tmp");

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<ReleaseProgress>
    {
        public void Report(ReleaseProgress value) => source.Cancel();
    }
}
