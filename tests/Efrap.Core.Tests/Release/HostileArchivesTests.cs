using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using Efrap.Core.Evidence;
using Efrap.Core.Release.Containers;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>An archive that is made to harm whoever unpacks it is refused, and nothing of it reaches the disk.</summary>
[TestClass]
public sealed class HostileArchivesTests : ReleaseTest
{
    private const uint Local = 0x04034B50;
    private const uint Directory = 0x02014B50;

    private static readonly byte[] _manifest = Of(Hardened("a.onnx", At("a.onnx")));

    [TestMethod]
    [DataRow("../a.onnx", "leaves its folder")]
    [DataRow("x/../../a.onnx", "leaves its folder")]
    [DataRow("x/..", "leaves its folder")]
    [DataRow("../", "leaves its folder")]
    [DataRow("/etc/a.onnx", "is an absolute path")]
    [DataRow("C:/a.onnx", "contains a colon")]
    [DataRow("a.onnx:stream", "contains a colon")]
    [DataRow("x\\a.onnx", "contains a backslash")]
    [DataRow("\\\\server\\a.onnx", "contains a backslash")]
    [DataRow("a\0.onnx", "contains a control character")]
    [DataRow("a\u001b[2J.onnx", "contains a control character")]
    public void Names_that_leave_the_folder_are_refused(string name, string message) =>
        StringAssert.Contains(Refused(Containers.Zip(("b.txt", [1]), (name, []))), message);

    [TestMethod]
    [DataRow("%2E%2E/a.onnx")]
    [DataRow("x%5C..%5Ca.onnx")]
    public void Also_where_a_package_hides_them(string name) => Refused(Containers.Zip((name, SampleModels.Hardened)), "a.nupkg");

    [TestMethod]
    [DataRow("a.onnx")]
    [DataRow("./a.onnx")]
    [DataRow(".//a.onnx")]
    public void The_same_name_twice_is_refused(string name) =>
        StringAssert.Contains(Refused(Containers.Zip(("a.onnx", SampleModels.Hardened), (name, SampleModels.Nearest))), "twice");

    [TestMethod]
    public void Too_many_files_are_refused() => StringAssert.Contains(
        Refused(Containers.Zip(CompressionLevel.NoCompression, [.. Enumerable.Range(0, 100_001).Select(i => ($"{i}", Array.Empty<byte>()))])), "more than 100000 files");

    [TestMethod]
    public void A_directory_that_fills_the_memory_is_refused() => StringAssert.Contains(
        Refused(Containers.Zip([.. Enumerable.Range(0, 600).Select(i => ($"{i}" + new string('x', 60_000), Array.Empty<byte>()))])), "32 MiB");

    [TestMethod]
    [DataRow(1u, "checksum")]
    [DataRow(900u, "fewer bytes than")]
    [DataRow(0x7FFF_FFFFu, "cannot unpack to")]
    public void A_wrong_length_is_refused(uint claimed, string message)
    {
        var archive = Containers.Zip(("a.onnx", SampleModels.Hardened));
        Patch(archive, (Local, 22), (Directory, 24), claimed);
        StringAssert.Contains(Refused(archive), message);
    }

    [TestMethod]
    public void A_wrong_checksum_is_refused()
    {
        var archive = Containers.Zip(("a.onnx", SampleModels.Hardened));
        Patch(archive, (Local, 14), (Directory, 16), 1);
        StringAssert.Contains(Refused(archive), "the checksum of 'a.onnx' is wrong");
    }

    [TestMethod]
    public void More_than_64_GiB_is_refused_before_anything_is_unpacked()
    {
        var budget = new ExpansionBudget();
        budget.Take(ExpansionBudget.MaximumBytes - 1, 1L << 30);
        budget.Take(1, 1);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => budget.Take(1, 1)).Message, "64 GiB");
    }

    [TestMethod]
    public void What_is_claimed_is_not_allocated()
    {
        // As much as four mebibytes could unpack to, and within all limits.
        var archive = Containers.Zip(CompressionLevel.NoCompression, ("a.onnx", new byte[4 << 20]));
        Patch(archive, (Local, 22), (Directory, 24), 0xFFFF_FFF0u);
        var options = Options(_manifest, Folder.Write("a.zip", archive));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal.Expect(EfrapCode.ArchiveRejected, () => VerifyRelease.Run(options));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Files_that_share_their_bytes_are_refused()
    {
        var archive = Containers.Zip(CompressionLevel.NoCompression, ("a", new byte[10_000]), ("b", [1]));
        var second = archive.AsSpan().LastIndexOf(BitConverter.GetBytes(Directory));
        foreach (var (at, value) in new[] { (20, 10_000u), (24, 10_000u), (42, 0u) })
            BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(second + at), value);
        StringAssert.Contains(Refused(archive), "overlap");
    }

    [TestMethod]
    public void What_is_encrypted_fails()
    {
        var archive = Containers.Zip(("secret.bin", [1, 2, 3]), ("a.onnx", SampleModels.Hardened));
        foreach (var (signature, offset) in new[] { (Local, 6), (Directory, 8) })
            archive[archive.AsSpan().IndexOf(BitConverter.GetBytes(signature)) + offset] |= 1;
        var report = Verify(_manifest, "a.zip", archive);
        Assert.AreEqual("secret.bin is encrypted", Problem(report));
        Assert.AreEqual(EfrapCode.ArchiveRejected, report.Problems.Single().Code);
    }

    [TestMethod]
    [DataRow("a.onnx", ReleaseVerdict.Fail)]
    [DataRow("b.txt", ReleaseVerdict.NothingFound)]
    public void Links_are_not_followed(string name, ReleaseVerdict verdict)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = archive.CreateEntry(name);
            entry.ExternalAttributes = 0xA1FF << 16;
            using var target = entry.Open();
            target.Write("/etc/passwd"u8);
        }

        var report = Verify(Of(), "a.zip", stream.ToArray());
        Assert.AreEqual(verdict, report.Verdict);
        var text = verdict == ReleaseVerdict.Fail ? report.Problems.Single().Text : report.NotChecked.Single().Reason;
        Assert.AreEqual("is a symbolic link, which is not followed", text);
    }

    [TestMethod]
    public void A_hostile_archive_inside_fails_and_the_rest_is_still_judged()
    {
        var report = Verify(_manifest, ("a.onnx", SampleModels.Hardened), ("x.zip", Containers.Zip(("../b", [1]))));
        Assert.AreEqual("x.zip cannot be looked into: the name '../b' leaves its folder", Problem(report));
        Assert.IsTrue(report.Models.Single().Passes);
    }

    [TestMethod]
    public void A_cut_archive_is_refused_wherever_it_is_cut()
    {
        var archive = Containers.Zip(("a.onnx", SampleModels.Hardened), ("b", [1, 2, 3]));
        for (var length = 0; length < archive.Length; length += 3)
            Refused(archive[..length]);
    }

    [TestMethod]
    public void Random_changes_end_well()
    {
        var archive = Containers.Zip(("a.onnx", SampleModels.Hardened), ("App.dll", Containers.Assembly(("r", [1, 2, 3]))), ("x.zip", Containers.Zip(("b", [1]))));
        var manifest = Folder.Write("manifest.json", _manifest);
        Gen.Select(Gen.Int[0, archive.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var changed = archive.ToArray();
                foreach (var (at, value) in changes)
                    changed[at] = value;
                var path = Folder.Write($"{Environment.CurrentManagedThreadId}.zip", changed);
                Refusal.AtMost(1007, 1007, () => VerifyRelease.Run(new VerifyReleaseOptions(path) { ManifestPath = manifest }));
            },
            iter: 1_000);
    }

    private static void Patch(byte[] archive, (uint Signature, int Offset) first, (uint Signature, int Offset) second, uint value)
    {
        foreach (var (signature, offset) in new[] { first, second })
        {
            var position = archive.AsSpan().LastIndexOf(BitConverter.GetBytes(signature)) + offset;
            BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(position), value);
        }
    }

    private string Refused(byte[] archive, string name = "a.zip")
    {
        var options = Options(_manifest, Folder.Write(name, archive));
        return Refusal.Expect(EfrapCode.ArchiveRejected, () => VerifyRelease.Run(options));
    }
}
