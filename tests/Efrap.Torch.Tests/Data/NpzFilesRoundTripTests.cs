using System.IO.Compression;
using System.Text;
using Efrap.AttackLab.Data;
using Efrap.Core;

namespace Efrap.Torch.Tests.Data;

[TestClass]
public sealed class NpzFilesRoundTripTests
{
    [TestMethod]
    public void What_was_written_is_read()
    {
        using var folder = new TemporaryFolder();
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 13);
        NpzFile.Write(folder["images.npz"], images, withLabels: true);
        var read = NpzFile.Read(folder["images.npz"], ImageFormat.Shapes);
        CollectionAssert.AreEqual(images.Values, read.Values);
        CollectionAssert.AreEqual(images.Labels, read.Labels);
    }

    [TestMethod]
    public void The_same_images_make_the_same_file()
    {
        using var folder = new TemporaryFolder();
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 3);
        NpzFile.Write(folder["one.npz"], images, withLabels: true);
        NpzFile.Write(folder["two.npz"], images, withLabels: true);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["one.npz"]), File.ReadAllBytes(folder["two.npz"]));
    }

    [TestMethod]
    public void Arrays_are_as_NumPy_writes_them()
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(folder["images.npz"], new ShapeImages(1).Draw(SamplePurpose.Test, 0, 2), withLabels: true);
        using var archive = ZipFile.OpenRead(folder["images.npz"]);
        using var reader = new BinaryReader(archive.GetEntry("labels.npy")!.Open());
        var bytes = reader.ReadBytes(1000);
        byte[] magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        CollectionAssert.AreEqual(magic, bytes[..8]);
        var headerBytes = 10 + BitConverter.ToUInt16(bytes, 8);
        Assert.AreEqual(0, headerBytes % 64);
        Assert.AreEqual(
            "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
            Encoding.ASCII.GetString(bytes, 10, headerBytes - 10).TrimEnd(' ', '\n'));
        Assert.HasCount(headerBytes + (2 * sizeof(long)), bytes);
    }

    [TestMethod]
    public void Images_without_labels_are_refused()
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(folder["images.npz"], new ShapeImages(1).Draw(SamplePurpose.Test, 0, 2), withLabels: false);
        var problem = Assert.ThrowsExactly<EfrapException>(() => NpzFile.Read(folder["images.npz"], ImageFormat.Shapes));
        Assert.AreEqual(EfrapCode.CalibrationMismatch, problem.Code);
    }
}
