namespace Efrap.Core;

/// <summary>Passes a stream's bytes on and computes the checksum that zip files keep of them (CRC-32, IEEE 802.3).</summary>
/// <param name="inner">The stream, which this one takes over.</param>
internal sealed class Crc32Stream(Stream inner) : ReadingStream(inner)
{
    private static readonly uint[] Table = MakeTable();

    private uint _state = uint.MaxValue;

    /// <summary>The checksum of what has been read so far.</summary>
    public uint Checksum => ~_state;

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        var state = _state;
        foreach (var value in buffer[..read])
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        _state = state;
        return read;
    }

    private static uint[] MakeTable()
    {
        const uint polynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ polynomial;
            table[i] = value;
        }

        return table;
    }
}
