namespace Efrap.Core.Release.Containers;

/// <summary>A part of a seekable stream, read from its beginning. The stream stays open, and several parts may take turns.</summary>
/// <param name="whole">The stream.</param>
/// <param name="offset">Where the part begins.</param>
/// <param name="length">Its bytes.</param>
internal sealed class StreamPart(Stream whole, long offset, long length) : ReadingStream(whole, ownsInner: false)
{
    private long _position;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        Inner.Position = offset + _position;
        var read = Inner.Read(buffer[..(int)Math.Min(buffer.Length, length - _position)]);
        _position += read;
        return read;
    }
}
