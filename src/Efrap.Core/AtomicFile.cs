namespace Efrap.Core;

/// <summary>Writes a file completely or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the target's folder, flushes it to the disk and renames it over the target.
    /// Whatever goes wrong, the target is either the old file or the whole new one, and the temporary file is gone.
    /// </summary>
    /// <param name="path">The target. Its folder is created when missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellationToken">Observed until just before the rename.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/> when the disk is full, the folder is
    /// not writable, or the path is not valid.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            var target = Path.GetFullPath(path);
            var folder = Path.GetDirectoryName(target) ?? throw new IOException("the path names a folder, not a file");
            Directory.CreateDirectory(folder);
            temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, target, overwrite: true);
            temporary = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EfrapException(
                EfrapCode.OutputNotWritten,
                $"cannot write the file: {e.Message} Nothing was changed; free space or choose another output path.",
                path,
                e);
        }
        finally
        {
            if (temporary is not null)
                File.Delete(temporary);
        }
    }
}
