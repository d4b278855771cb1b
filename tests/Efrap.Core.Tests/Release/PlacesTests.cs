using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>Where a model lies decides what it has to be.</summary>
[TestClass]
public sealed class PlacesTests : ReleaseTest
{
    [TestMethod]
    public void Exchanged_models_fail()
    {
        var report = Verify(OfSamples(At("Models/a.onnx")), ("Models/a.onnx", SampleModels.Audited), ("Models/b.onnx", SampleModels.Hardened));
        Assert.AreEqual(ReleaseVerdict.Fail, report.Verdict);
        CollectionAssert.AreEqual(
            new[] { "is 'Models/b.onnx', in the place of 'Models/a.onnx'.", "is 'Models/a.onnx', in the place of 'Models/b.onnx'." },
            report.Problems.Select(p => p.Text).ToArray());
        Assert.IsTrue(report.Models.All(m => m.Outcome == ReleaseOutcome.Exchanged));
    }

    [TestMethod]
    public void What_the_build_shipped_passes_elsewhere_with_a_note()
    {
        var report = Verify(OfSamples(At("Models/a.onnx")), ("copy/of-a", SampleModels.Hardened), ("Models/b.onnx", SampleModels.Audited));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        Assert.AreEqual(ReleaseOutcome.Elsewhere, report.Models.Single(m => m.Place == "copy/of-a").Outcome);
        Assert.AreEqual("copy/of-a is 'Models/a.onnx', at a place that the manifest does not name.", report.Notes.Single());
    }

    [TestMethod]
    public void The_longest_end_of_a_path_decides()
    {
        var manifest = Of(Hardened("a.onnx", At("a.onnx")), Audited("Models/a.onnx", SampleModels.Audited, At("Models/a.onnx")));
        Assert.AreEqual(
            ReleaseVerdict.Pass,
            Verify(manifest, ("content/a.onnx", SampleModels.Hardened), ("content/Models/a.onnx", SampleModels.Audited)).Verdict);
        StringAssert.Contains(
            Problem(Verify(manifest, ("content/Models/a.onnx", SampleModels.Hardened))), "is 'a.onnx', in the place of 'Models/a.onnx'");
    }

    [TestMethod]
    public void Several_models_of_one_place_are_told_by_their_digests()
    {
        var manifest = Of(Hardened("net8.0/a.onnx", At("a.onnx")), Audited("net10.0/a.onnx", SampleModels.Audited, At("a.onnx")));
        var report = Verify(manifest, ("lib/net8.0/a.onnx", SampleModels.Hardened), ("lib/net10.0/a.onnx", SampleModels.Audited));
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        CollectionAssert.AreEqual(new[] { "net10.0/a.onnx", "net8.0/a.onnx" }, report.Models.Select(m => m.Model).ToArray());
    }

    [TestMethod]
    public void A_place_that_the_manifest_names_holds_a_model_whatever_lies_there()
    {
        var manifest = Of(Hardened("a", At("Models/a")));
        StringAssert.StartsWith(Problem(Verify(manifest, ("Models/a", "something else"u8.ToArray()))), "Models/a differs");
    }

    [TestMethod]
    [DataRow("Models/A.ONNX")]
    [DataRow("Models/weights.bin")]
    [DataRow("model")]
    public void A_model_is_found_by_its_extension_and_by_its_bytes(string name) =>
        StringAssert.StartsWith(Problem(Verify(Of(), (name, SampleModels.Nearest))), $"{name} is not in the manifest");

    [TestMethod]
    public void A_resource_may_have_any_name() => StringAssert.StartsWith(
        Problem(Verify(Of(), ("App.dll", Containers.Assembly(("weights", SampleModels.Nearest))))), "App.dll!weights is not in the manifest");

    [TestMethod]
    public void Resources_belong_to_their_assembly()
    {
        var manifest = Of(Hardened("a.onnx", In("App.dll", "a.onnx")), Audited("b.onnx", SampleModels.Audited, In("Library.dll", "a.onnx")));
        Assert.AreEqual(ReleaseVerdict.Pass, Verify(
            manifest,
            ("App.dll", Containers.Assembly(("a.onnx", SampleModels.Hardened))), ("sub/Library.dll", Containers.Assembly(("a.onnx", SampleModels.Audited)))).Verdict);
        Assert.HasCount(2, Verify(
            manifest,
            ("App.dll", Containers.Assembly(("a.onnx", SampleModels.Audited))), ("sub/Library.dll", Containers.Assembly(("a.onnx", SampleModels.Hardened)))).Problems);
    }

    [TestMethod]
    public void An_assembly_without_its_model_fails()
    {
        var manifest = Of(Hardened("a.onnx", In("App.dll", "a")), Audited("b.onnx", SampleModels.Audited, At("b.onnx")));
        var report = Verify(manifest, ("bin/App.dll", Containers.Assembly()), ("b.onnx", SampleModels.Audited));
        Assert.AreEqual("bin/App.dll is here without its resource 'a', the model 'a.onnx'.", Problem(report));
    }

    [TestMethod]
    public void A_release_of_something_else_fails() => StringAssert.StartsWith(
        Problem(Verify(OfSamples(At("Models/a.onnx")), ("readme.txt", "hello"u8.ToArray()))), "none of the 2 models that the manifest names is here");

    [TestMethod]
    public void A_release_without_models_has_nothing_to_verify() =>
        Assert.AreEqual(ReleaseVerdict.NothingFound, Verify(Of(), ("readme.txt", "hello"u8.ToArray())).Verdict);

    [TestMethod]
    public void Names_in_packages_are_read_as_nuget_reads_them()
    {
        var manifest = Of(Hardened("a", At("Models/größe 1@2.onnx")));
        var report = Verify(manifest, "a.nupkg", Containers.Zip(("content/Models/gr%C3%B6%C3%9Fe%201%402.onnx", SampleModels.Hardened)));
        Assert.AreEqual(ReleaseOutcome.AsShipped, report.Models.Single().Outcome);
    }

    [TestMethod]
    public void Other_formats_are_listed_as_not_checked()
    {
        var report = Verify(Of(), ("a.ort", [0]), ("b.tflite", [0]), ("c.bin", [0, 0, 0, 0, .. "ORTM"u8]), ("d.bin", [0, 0, 0, 0, .. "TFL3"u8]));
        CollectionAssert.AreEqual(new[] { "a.ort", "b.tflite", "c.bin", "d.bin" }, report.NotChecked.Select(f => f.Place).ToArray());
        Assert.AreEqual(ReleaseVerdict.NothingFound, report.Verdict);
    }
}
