namespace Efrap.Core;

/// <summary>Reads whole files of settings, which are small wherever they are meant well.</summary>
internal static class SmallFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, which the user chose.</param>
    /// <param name="largest">The most bytes it may have.</param>
    /// <param name="code">What a refusal is filed under.</param>
    /// <param name="noun">What it is, as messages say.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="EfrapException">The given code: it cannot be read, or is larger.</exception>
    internal static byte[] Read(string path, int largest, EfrapCode code, string noun)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            if (stream.Length > largest)
                throw new EfrapException(code, $"the {noun} has {stream.Length} bytes; more than {largest} are refused.", path);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EfrapException(code, $"the {noun} cannot be read: {e.Message.TrimEnd('.')}.", path, e);
        }
    }
}
