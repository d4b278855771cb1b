using System.Buffers.Binary;

namespace Efrap.Core.Evidence.Html;

/// <summary>Writes a PNG without compression: small pictures, and the same bytes on every machine whatever its zlib.</summary>
internal static class PngImage
{
    private const int LargestBlock = 0xFFFF;

    /// <summary>Encodes an image.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="pixels">Row by row, the channels of a pixel together.</param>
    /// <returns>The file.</returns>
    internal static byte[] Encode(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Stored(Rows(width, height, channels, pixels)));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Each row begins with the number of its filter; 0 is none.
    private static byte[] Rows(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        var length = width * channels;
        var rows = new byte[height * (length + 1)];
        for (var row = 0; row < height; row++)
            pixels.Slice(row * length, length).CopyTo(rows.AsSpan((row * (length + 1)) + 1));
        return rows;
    }

    // RFC 1950 around RFC 1951's blocks of type 0.
    private static byte[] Stored(byte[] data)
    {
        using var stream = new MemoryStream();
        stream.Write([0x78, 0x01]);
        Span<byte> lengths = stackalloc byte[4];
        for (var at = 0; at < data.Length; at += LargestBlock)
        {
            var length = Math.Min(LargestBlock, data.Length - at);
            stream.WriteByte((byte)(at + length == data.Length ? 1 : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(lengths, (ushort)length);
            BinaryPrimitives.WriteUInt16LittleEndian(lengths[2..], (ushort)~length);
            stream.Write(lengths);
            stream.Write(data, at, length);
        }

        BinaryPrimitives.WriteUInt32BigEndian(lengths, Adler32(data));
        stream.Write(lengths);
        return stream.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc32(Crc32(uint.MaxValue, type), data));
        file.Write(word);
    }

    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        var (a, b) = (1u, 0u);
        foreach (var value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }

    private static uint Crc32(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return crc;
    }
}
