using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Efrap.Core.Tests.Calibration;

/// <summary>Writes NumPy files after the format's description, sharing no code with what reads them.</summary>
internal static class NpyFile
{
    /// <summary>An array whose values are given as text-free numbers: integers as <c>long</c>, floats as <c>double</c>.</summary>
    /// <param name="descr">NumPy's type string, for example <c>&lt;f4</c>.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="values">The values in C order: <c>double</c>, or <c>decimal</c> for integers.</param>
    /// <param name="fortran">Whether to store them in Fortran order.</param>
    /// <param name="version">The major version, 1 to 3.</param>
    /// <returns>The file.</returns>
    public static byte[] Create(string descr, long[] shape, IReadOnlyList<object> values, bool fortran = false, int version = 1)
    {
        var tuple = shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
        var order = fortran ? FortranOrder(shape) : Enumerable.Range(0, values.Count);
        return
        [
            .. Header($"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {tuple}, }}", version),
            .. order.SelectMany(i => Element(descr, values[i])),
        ];
    }

    /// <summary>A uint8 array of consecutive values from 0, wrapping at 256.</summary>
    /// <param name="shape">The dimensions.</param>
    /// <returns>The file.</returns>
    public static byte[] Bytes(params long[] shape)
    {
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        return Create("|u1", shape, [.. Enumerable.Range(0, count).Select(i => (object)(decimal)(i % 256))]);
    }

    /// <summary>A float32 array.</summary>
    /// <param name="shape">The dimensions.</param>
    /// <param name="values">The values.</param>
    /// <returns>The file.</returns>
    public static byte[] Floats(long[] shape, params double[] values) => Create("<f4", shape, [.. values.Cast<object>()]);

    /// <summary>Magic, version, length and text of a header, padded to 64 bytes as NumPy does.</summary>
    /// <param name="text">The dictionary.</param>
    /// <param name="version">The major version.</param>
    /// <returns>The header.</returns>
    public static byte[] Header(string text, int version = 1)
    {
        var prefix = version == 1 ? 10 : 12;
        var padded = text.PadRight((((prefix + text.Length) / 64) * 64) + 63 - prefix) + "\n";
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)padded.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)padded.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.UTF8.GetBytes(padded)];
    }

    /// <summary>An <c>.npz</c> file.</summary>
    /// <param name="arrays">Names, without extension, and arrays.</param>
    /// <returns>The file.</returns>
    public static byte[] Zip(params (string Name, byte[] Array)[] arrays) => Zip(CompressionLevel.Fastest, arrays);

    /// <summary>An <c>.npz</c> file.</summary>
    /// <param name="level">How much to compress.</param>
    /// <param name="arrays">Names, without extension, and arrays.</param>
    /// <returns>The file.</returns>
    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Array)[] arrays)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, array) in arrays)
            {
                using var entry = archive.CreateEntry(name + ".npy", level).Open();
                entry.Write(array);
            }
        }

        return stream.ToArray();
    }

    // The positions, in C order, of the elements in the order that lets the first axis run fastest.
    private static IEnumerable<int> FortranOrder(long[] shape)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        for (var position = 0L; position < count; position++)
        {
            var rest = position;
            var index = 0L;
            var stride = count;
            foreach (var size in shape)
            {
                stride /= size;
                index += rest % size * stride;
                rest /= size;
            }

            yield return (int)index;
        }
    }

    private static byte[] Element(string descr, object value)
    {
        var bytes = descr[1..] switch
        {
            "f2" => BitConverter.GetBytes((Half)(double)value),
            "f4" => BitConverter.GetBytes((float)(double)value),
            "f8" => BitConverter.GetBytes((double)value),
            "i1" => [unchecked((byte)(sbyte)(decimal)value)],
            "u1" or "b1" => [(byte)(decimal)value],
            "i2" => BitConverter.GetBytes((short)(decimal)value),
            "u2" => BitConverter.GetBytes((ushort)(decimal)value),
            "i4" => BitConverter.GetBytes((int)(decimal)value),
            "u4" => BitConverter.GetBytes((uint)(decimal)value),
            "i8" => BitConverter.GetBytes((long)(decimal)value),
            "u8" => BitConverter.GetBytes((ulong)(decimal)value),
            _ => throw new ArgumentOutOfRangeException(nameof(descr), descr, null),
        };
        if (descr[0] == '>')
            Array.Reverse(bytes);
        return bytes;
    }
}
