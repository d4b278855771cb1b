namespace Efrap.Core.Release.Containers;

/// <summary>Reads exactly as many bytes as were declared, and refuses any other number.</summary>
/// <param name="inner">The bytes, which this stream takes over.</param>
/// <param name="length">How many there are.</param>
/// <param name="check">Called at their end; throws an <see cref="InvalidDataException"/> if they are not what was declared.</param>
internal sealed class MeasuredStream(Stream inner, long length, Action? check = null) : ReadingStream(inner)
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
        if (buffer.Length == 0)
            return 0;
        var read = Inner.Read(buffer);
        _position += read;
        if (_position > length)
            throw new InvalidDataException($"more bytes than the {length} that were declared");
        if (read == 0 && _position < length)
            throw new InvalidDataException($"fewer bytes than the {length} that were declared");
        if (read == 0)
            check?.Invoke();
        return read;
    }
}
