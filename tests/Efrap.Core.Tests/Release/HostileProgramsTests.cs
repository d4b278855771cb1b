using System.Reflection.Metadata;
using CsCheck;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>Assemblies and single-file apps may say anything of where their files are; reading them ends in one line.</summary>
[TestClass]
public sealed class HostileProgramsTests : ReleaseTest
{
    [TestMethod]
    [DataRow(1_000_000u)]
    [DataRow(0x7FFF_FFFFu)]
    [DataRow(0xFFFF_FFFFu)]
    public void A_resource_outside_of_its_assembly_is_refused(uint offset)
    {
        var data = new BlobBuilder();
        data.WriteInt32(0);
        StringAssert.Contains(Refused("App.dll", Containers.Assembly(data, [("a.onnx", offset)])), "lies outside of it");
    }

    [TestMethod]
    [DataRow(1_000_000)]
    [DataRow(int.MaxValue)]
    [DataRow(-1)]
    public void A_resource_longer_than_its_assembly_is_refused(int length)
    {
        var data = new BlobBuilder();
        data.WriteInt32(length);
        StringAssert.Contains(Refused("App.dll", Containers.Assembly(data, [("a.onnx", 0)])), $"says that it has {length} bytes");
    }

    [TestMethod]
    public void A_resource_that_is_there_twice_is_refused() =>
        StringAssert.Contains(Refused("App.dll", Containers.Assembly(("a", SampleModels.Hardened), ("a", SampleModels.Nearest))), "twice");

    [TestMethod]
    public void In_a_folder_they_fail_and_the_rest_is_still_judged()
    {
        var data = new BlobBuilder();
        data.WriteInt32(-1);
        var report = Verify(
            Of(Hardened("a.onnx", At("a.onnx"))), ("a.onnx", SampleModels.Hardened), ("App.dll", Containers.Assembly(data, [("r", 0)])));
        StringAssert.StartsWith(Problem(report), "App.dll cannot be looked into: the resource 'r'");
    }

    [TestMethod]
    public void A_file_outside_of_its_app_is_refused()
    {
        var app = Containers.App(false, ("abcdefgh", [1, 2, 3]));
        var entry = app.AsSpan().LastIndexOf("\u0008abcdefgh"u8) - 25;
        app[entry + 4] = 1;
        StringAssert.Contains(Refused("App", app), "lies outside of it");
    }

    [TestMethod]
    public void More_than_an_app_can_unpack_to_is_refused()
    {
        var app = Containers.App(true, ("abcdefgh", new byte[100]));
        var entry = app.AsSpan().LastIndexOf("\u0008abcdefgh"u8) - 25;
        app[entry + 8 + 4] = 1;
        StringAssert.Contains(Refused("App", app), "cannot unpack to");
    }

    [TestMethod]
    public void Another_version_of_apps_is_refused()
    {
        var app = Containers.App(false, ("a", [1]));
        app[app.AsSpan().LastIndexOf("identifier"u8) - 13] = 2;
        StringAssert.Contains(Refused("App", app), "version 2");
    }

    [TestMethod]
    [DataRow("App.dll")]
    [DataRow("App.exe")]
    public void What_is_called_an_assembly_and_is_none_is_refused(string name) =>
        StringAssert.Contains(Refused(name, "hello"u8.ToArray()), "neither a zip archive");

    [TestMethod]
    public void Random_changes_of_an_assembly_end_well() =>
        EndsWell("dll", Containers.Assembly(("a.onnx", SampleModels.Hardened), ("b", [1, 2, 3])));

    [TestMethod]
    public void Random_changes_of_an_app_end_well() =>
        EndsWell("exe", Containers.App(true, ("App.dll", Containers.Assembly(("a", [1]))), ("b.onnx", SampleModels.Hardened)));

    [TestMethod]
    public void Random_bytes_end_well()
    {
        var manifest = Folder.Write("manifest.json", Of());
        Gen.Select(Gen.Int[0, 3].Select(i => new[] { "MZ", "\u007FELF", "PK\u0003\u0004", "" }[i]), Gen.Byte.Array[0, 200]).Sample((beginning, bytes) => Run(
            "dll", [.. System.Text.Encoding.ASCII.GetBytes(beginning), .. bytes], manifest));
    }

    private void EndsWell(string extension, byte[] program)
    {
        var manifest = Folder.Write("manifest.json", Of());
        Gen.Select(Gen.Int[0, program.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var changed = program.ToArray();
                foreach (var (at, value) in changes)
                    changed[at] = value;
                Run(extension, changed, manifest);
            },
            iter: 1_000);
        Gen.Int[0, program.Length].Sample(length => Run(extension, program[..length], manifest));
    }

    // Samples are tried on several threads at once.
    private void Run(string extension, byte[] program, string manifest)
    {
        var path = Folder.Write($"{Environment.CurrentManagedThreadId}.{extension}", program);
        Refusal.AtMost(1007, 1007, () => VerifyRelease.Run(new VerifyReleaseOptions(path) { ManifestPath = manifest }));
    }

    private string Refused(string name, byte[] program)
    {
        var options = Options(Of(), Folder.Write(name, program));
        return Refusal.Expect(EfrapCode.ArchiveRejected, () => VerifyRelease.Run(options));
    }
}
