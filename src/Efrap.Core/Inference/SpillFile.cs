using Microsoft.Win32.SafeHandles;

namespace Efrap.Core.Inference;

/// <summary>
/// A temporary file that one activation tensor's batches are appended to. It is gone when it is closed, and when the
/// process is killed.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly SafeFileHandle _handle = Guarded(Open);
    private long _length;

    /// <summary>Appends bytes; several threads may.</summary>
    /// <returns>Where they begin.</returns>
    internal long Append(ReadOnlySpan<byte> bytes)
    {
        var offset = Interlocked.Add(ref _length, bytes.Length) - bytes.Length;
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException e)
        {
            throw Full(e);
        }

        return offset;
    }

    /// <summary>Reads as many bytes as the destination holds.</summary>
    internal void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
                throw new EndOfStreamException("an activation file is shorter than what was written to it");
            destination = destination[read..];
            offset += read;
        }
    }

    /// <summary>Closes and so deletes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"efrap-{Guid.NewGuid():N}.tmp");
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

        // Windows deletes the file with its last handle, however that ends. Elsewhere nobody would after a kill, but an
        // open file does not need its name.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return handle;
    }

    private static SafeFileHandle Guarded(Func<SafeFileHandle> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Full(e);
        }
    }

    private static EfrapException Full(Exception cause) => new(
        EfrapCode.OutputNotWritten,
        $"activations do not fit into memory and cannot be written to the temporary folder: {cause.Message} "
        + "Free space there, or use fewer samples.",
        null,
        cause);
}
