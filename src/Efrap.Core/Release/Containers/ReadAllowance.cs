namespace Efrap.Core.Release.Containers;

/// <summary>Lets a reader have only so many bytes of a stream until the allowance is lifted.</summary>
/// <param name="inner">The stream, seekable; this stream takes it over.</param>
/// <param name="bytes">The allowance.</param>
internal sealed class ReadAllowance(Stream inner, long bytes) : Stream
{
    private long _read;
    private bool _isLifted;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <summary>From now on everything may be read.</summary>
    internal void Lift() => _isLifted = true;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _read += read;
        return _isLifted || _read <= bytes ? read : throw new InvalidDataException($"its directory has more than {bytes >> 20} MiB");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
