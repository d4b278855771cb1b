using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Efrap.Core.Evidence.Html;

namespace Efrap.Core.Tests.Evidence.Html;

[TestClass]
public sealed class PngImageTests
{
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(5, 3, 3)]
    [DataRow(192, 192, 3, DisplayName = "longer than one block")]
    public void The_pixels_come_out_as_they_went_in(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(1).NextBytes(pixels);
        var file = PngImage.Encode(width, height, channels, pixels);
        CollectionAssert.AreEqual((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = Chunks(file).ToList();
        CollectionAssert.AreEqual((string[])["IHDR", "IDAT", "IEND"], chunks.Select(c => c.Type).ToArray());
        var header = chunks[0].Data;
        Assert.AreEqual((width, height), (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))));
        CollectionAssert.AreEqual((byte[])[8, (byte)(channels == 1 ? 0 : 2), 0, 0, 0], header[8..]);

        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress))
            zlib.CopyTo(inflated);
        var rows = inflated.ToArray().Chunk((width * channels) + 1).ToList();
        Assert.IsTrue(rows.All(r => r[0] == 0), "no filter");
        CollectionAssert.AreEqual(pixels, rows.SelectMany(r => r.Skip(1)).ToArray());
    }

    // The format's own example: the sum over the type of an empty last chunk.
    [TestMethod]
    public void The_check_sum_is_the_formats()
    {
        var end = PngImage.Encode(1, 1, 1, [0])[^12..];
        CollectionAssert.AreEqual((byte[])[0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82], end);
    }

    private static IEnumerable<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            yield return (Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += length + 12;
        }
    }
}
