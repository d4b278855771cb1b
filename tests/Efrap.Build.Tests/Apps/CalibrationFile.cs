using System.IO.Compression;
using System.Text;

namespace Efrap.Build.Tests.Apps;

/// <summary>Calibration samples for <see cref="TinyModel"/>.</summary>
internal static class CalibrationFile
{
    /// <summary>Makes an <c>.npz</c> file with one uint8 array, <c>input</c>.</summary>
    /// <param name="seed">Draws the samples.</param>
    /// <param name="samples">Their number.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Create(int seed, int samples = 64)
    {
        int[] shape = [samples, .. TinyModel.SampleShape];
        var values = new byte[shape.Aggregate((a, b) => a * b)];
        new Random(seed).NextBytes(values);

        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = archive.CreateEntry("input.npy").Open())
        {
            entry.Write(Header(shape));
            entry.Write(values);
        }

        return file.ToArray();
    }

    // The .npy format, version 1.0: magic, version, length of the header, the header padded to a multiple of 64 bytes.
    private static byte[] Header(int[] shape)
    {
        var text = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}";
        var length = ((10 + text.Length + 1 + 63) / 64 * 64) - 10;
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n")];
    }
}
