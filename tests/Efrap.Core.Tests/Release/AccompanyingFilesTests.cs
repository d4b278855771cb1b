using System.Text.Json.Nodes;
using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>External data and attestations are held against the manifest as their models are.</summary>
[TestClass]
public sealed class AccompanyingFilesTests : ReleaseTest
{
    private static readonly byte[] _data = [1, 2, 3];
    private static readonly byte[] _statement = "{}"u8.ToArray();

    [TestMethod]
    public void External_data_lies_beside_its_model()
    {
        var manifest = Of(Hardened("m/a.onnx", At("m/a.onnx")).With("externalData", new JsonArray(File("w/a.data", _data))));
        Assert.AreEqual(ReleaseVerdict.Pass, Verify(manifest, ("m/a.onnx", SampleModels.Hardened), ("m/w/a.data", _data)).Verdict);
        StringAssert.StartsWith(
            Problem(Verify(manifest, ("m/w/a.data", [1, 2, 4]))), "m/a.onnx has external data 'w/a.data' that differs");
        System.IO.File.Move(Folder.File("release/m/w/a.data"), Folder.File("release/a.data"));
        Assert.AreEqual("m/a.onnx has no external data 'w/a.data' beside it.", Problem(Verify(manifest)));
    }

    [TestMethod]
    [DataRow("release/m/a.intoto.json")]
    [DataRow("evidence/a.intoto.json")]
    [DataRow("evidence/m/a.intoto.json")]
    public void An_attestation_lies_beside_its_model_or_the_manifest(string path)
    {
        var manifest = Of(Hardened("m/a.onnx", At("m/a.onnx")).With("attestation", File("a.intoto.json", _statement)));
        var absent = Verify(manifest, ("m/a.onnx", SampleModels.Hardened));
        Assert.AreEqual(ReleaseVerdict.Pass, absent.Verdict);
        Assert.AreEqual("m/a.onnx has an attestation, 'a.intoto.json', that is not here.", absent.Notes.Single());

        Folder.Write(path, _statement);
        var present = Verify(manifest);
        Assert.AreEqual(ReleaseVerdict.Pass, present.Verdict);
        Assert.IsEmpty(present.Notes);

        Folder.Write(path, "[]"u8.ToArray());
        StringAssert.StartsWith(Problem(Verify(manifest)), "m/a.onnx has an attestation 'a.intoto.json' that differs");
    }

    [TestMethod]
    public void An_attestation_may_lie_beside_a_manifest_inside()
    {
        var manifest = Of(Hardened("a.onnx", At("a.onnx")).With("attestation", File("a.intoto.json", _statement)));
        var report = VerifyRelease.Run(new VerifyReleaseOptions(Folder.Write("a.zip", Containers.Zip(
            ("m/a.onnx", SampleModels.Hardened), ("e/efrap.manifest.json", manifest), ("e/a.intoto.json", "[]"u8.ToArray())))));
        StringAssert.StartsWith(Problem(report), "m/a.onnx has an attestation 'a.intoto.json' that differs");
    }
}
