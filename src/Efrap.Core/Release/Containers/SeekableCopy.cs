namespace Efrap.Core.Release.Containers;

/// <summary>A copy of a container that lies in another, for readers that have to seek: in memory, or in a temporary file.</summary>
internal static class SeekableCopy
{
    private const int LargestInMemory = 16 << 20;

    /// <summary>Copies a stream. The copy is gone when it is closed, and when the process is killed.</summary>
    /// <param name="source">The stream, which ends where it was declared to.</param>
    /// <param name="length">How many bytes were declared.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <returns>The copy, at its beginning.</returns>
    /// <exception cref="InvalidDataException">It is too large, or has another length.</exception>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>: the temporary folder cannot take it.</exception>
    internal static Stream Of(Stream source, long length, CancellationToken cancellationToken)
    {
        if (length > ExpansionBudget.MaximumCopy)
            throw new InvalidDataException($"it has more than {ExpansionBudget.MaximumCopy >> 30} GiB and would have to be unpacked to be read");
        var copy = length <= LargestInMemory ? new MemoryStream((int)length) : OnDisk(TemporaryFile);
        try
        {
            var buffer = new byte[1 << 16];
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = source.Read(buffer);
                if (read == 0)
                    break;
                OnDisk(() => copy.Write(buffer, 0, read));
            }

            copy.Position = 0;
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static Stream TemporaryFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"efrap-{Guid.NewGuid():N}.tmp");
        var stream = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

        // Windows deletes the file with its last handle, however that ends. Elsewhere nobody would after a kill, but an
        // open file does not need its name.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return stream;
    }

    private static void OnDisk(Action action) => OnDisk<object?>(() =>
    {
        action();
        return null;
    });

    private static T OnDisk<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EfrapException(
                EfrapCode.OutputNotWritten,
                $"an archive inside another does not fit into the temporary folder: {e.Message.TrimEnd('.')}; free space there.",
                null,
                e);
        }
    }
}
