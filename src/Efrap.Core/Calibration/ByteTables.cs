using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Efrap.Core.Calibration;

/// <summary>
/// What each of the 256 possible bytes becomes, for every channel. Most samples are 8-bit images, and looking a value up is fast
/// from the first call on, where the arithmetic needs the compiler's second thoughts to become so.
/// </summary>
/// <param name="tables">One table of 256 results, little endian, for each channel, or one for all.</param>
internal sealed class ByteTables(IReadOnlyList<byte[]> tables)
{
    /// <summary>The number of channels beyond which tables would outgrow the processor's caches.</summary>
    public const int MostChannels = 16;

    /// <summary>The number of entries in a table.</summary>
    public const int Length = 256;

    /// <summary>Converts values of one channel.</summary>
    /// <param name="source">The values, one byte each.</param>
    /// <param name="result">The results, as many bytes each as a 256th of a table.</param>
    /// <param name="channel">The channel.</param>
    public void Convert(ReadOnlySpan<byte> source, Span<byte> result, int channel)
    {
        var table = tables[tables.Count == 1 ? 0 : channel];
        switch (table.Length / Length)
        {
            case 2:
                LookUp<ushort>(source, result, table);
                break;
            case 4:
                LookUp<uint>(source, result, table);
                break;
            default:
                LookUp<ulong>(source, result, table);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LookUp<T>(ReadOnlySpan<byte> source, Span<byte> result, ReadOnlySpan<byte> table)
        where T : unmanaged
    {
        var entries = MemoryMarshal.Cast<byte, T>(table)[..Length];
        var results = MemoryMarshal.Cast<byte, T>(result)[..source.Length];
        for (var i = 0; i < source.Length; i++)
            results[i] = entries[source[i]];
    }
}
