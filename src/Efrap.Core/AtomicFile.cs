using System.Diagnostics;

namespace Efrap.Core;

/// <summary>Writes a file completely or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the target's folder, flushes it to the disk and renames it over the target.
    /// Whatever goes wrong, the target is either the old file or the whole new one, and the temporary file is gone.
    /// Where the target is a symbolic link, the file that it points to is replaced and the link stays.
    /// </summary>
    /// <param name="path">The target. Its folder is created when missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellationToken">Observed before the first byte and until just before the rename.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/> when the disk is full, the folder is
    /// not writable, or the path is not valid or names something other than a file.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        cancellationToken.ThrowIfCancellationRequested();
        var target = ResolveTarget(path);
        var folder = Path.GetDirectoryName(target)!;
        // Short, because a name as long as the target's and more may be longer than the file system allows.
        var temporary = Path.Combine(folder, $".efrap-{Guid.NewGuid():N}.tmp");
        var missing = MissingFolders(folder);
        var written = false;
        try
        {
            Directory.CreateDirectory(folder);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, target, overwrite: true);
            written = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(path, e.Message.Replace(temporary, path, StringComparison.Ordinal), e);
        }
        finally
        {
            if (!written)
                Undo(temporary, missing);
        }
    }

    private static string ResolveTarget(string path)
    {
        try
        {
            var target = Path.GetFullPath(path);
            if (Path.GetFileName(target).Length == 0 || Directory.Exists(target))
                throw new IOException("this is a folder, not a file");
            if (FileStatus.Of(target, followLinks: false).Kind == FileKind.SymbolicLink)
                target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
            // Renaming over /dev/null would replace it for the whole system.
            return FileStatus.Of(target, followLinks: false).Kind is FileKind.Missing or FileKind.Regular
                ? target
                : throw new IOException("this is a pipe or a device, not a file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw NotWritten(path, e.Message, e);
        }
    }

    private static List<string> MissingFolders(string folder)
    {
        var missing = new List<string>();
        for (string? current = folder; current is not null && !Path.Exists(current); current = Path.GetDirectoryName(current))
            missing.Add(current);
        return missing;
    }

    // Runs while another exception is under way, which says more than a failure to clean up would.
    private static void Undo(string temporary, List<string> folders)
    {
        try
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            foreach (var folder in folders.Where(Directory.Exists))
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trace.TraceWarning($"not removed after a failure: {e.Message}");
        }
    }

    private static EfrapException NotWritten(string path, string reason, Exception cause) => new(
        EfrapCode.OutputNotWritten,
        $"cannot write the file: {reason.TrimEnd('.')}. Nothing was changed; free space or choose another output path.",
        path,
        cause);
}
