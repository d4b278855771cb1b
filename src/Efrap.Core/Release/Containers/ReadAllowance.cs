namespace Efrap.Core.Release.Containers;

/// <summary>Lets a reader have only so many bytes of a stream until the allowance is lifted.</summary>
/// <param name="inner">The stream, seekable; this stream takes it over.</param>
/// <param name="bytes">The allowance.</param>
internal sealed class ReadAllowance(Stream inner, long bytes) : ReadingStream(inner)
{
    private long _read;
    private bool _isLifted;

    public override bool CanSeek => true;

    public override long Length => Inner.Length;

    public override long Position
    {
        get => Inner.Position;
        set => Inner.Position = value;
    }

    /// <summary>From now on everything may be read.</summary>
    internal void Lift() => _isLifted = true;

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        _read += read;
        return _isLifted || _read <= bytes ? read : throw new InvalidDataException($"its directory has more than {bytes >> 20} MiB");
    }

    public override long Seek(long offset, SeekOrigin origin) => Inner.Seek(offset, origin);
}
