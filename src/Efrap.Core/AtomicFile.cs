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
    public static void Write(string path, Action<Stream> write, CancellationToken cancellationToken = default) =>
        WriteAll([(path, write)], cancellationToken);

    /// <summary>
    /// Writes several files that belong together: all of them are whole and on the disk before the first takes its name.
    /// </summary>
    /// <param name="files">Each file's target and what writes its content, as in <see cref="Write"/>.</param>
    /// <param name="cancellationToken">Observed before each file and until just before the first rename.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>, as in <see cref="Write"/>.</exception>
    public static void WriteAll(IReadOnlyList<(string Path, Action<Stream> Write)> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var staged = new List<Staged>();
        var renamed = 0;
        try
        {
            foreach (var (path, write) in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                staged.Add(Staged.Begin(path));
                staged[^1].Fill(write);
            }

            cancellationToken.ThrowIfCancellationRequested();
            for (; renamed < staged.Count; renamed++)
                staged[renamed].Rename();
        }
        finally
        {
            // The first file made the folders that later ones share.
            foreach (var file in staged.Skip(renamed).Reverse())
                file.Undo();
        }
    }

    private sealed record Staged(string Path, string Target, string Temporary, List<string> MissingFolders)
    {
        internal static Staged Begin(string path)
        {
            var target = ResolveTarget(path);
            var folder = System.IO.Path.GetDirectoryName(target)!;

            // Short, because a name as long as the target's and more may be longer than the file system allows.
            return new Staged(path, target, System.IO.Path.Combine(folder, $".efrap-{Guid.NewGuid():N}.tmp"), MissingAbove(folder));
        }

        internal void Fill(Action<Stream> write) => Guard(() =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Target)!);
            using var stream = new FileStream(Temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            write(stream);
            stream.Flush(flushToDisk: true);
        });

        internal void Rename() => Guard(() => File.Move(Temporary, Target, overwrite: true));

        // Runs while another exception is under way, which says more than a failure to clean up would.
        internal void Undo()
        {
            try
            {
                if (File.Exists(Temporary))
                    File.Delete(Temporary);
                foreach (var folder in MissingFolders.Where(Directory.Exists))
                    Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Trace.TraceWarning($"not removed after a failure: {e.Message}");
            }
        }

        private void Guard(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw NotWritten(Path, e.Message.Replace(Temporary, Path, StringComparison.Ordinal), e);
            }
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

    private static List<string> MissingAbove(string folder)
    {
        var missing = new List<string>();
        for (string? current = folder; current is not null && !Path.Exists(current); current = Path.GetDirectoryName(current))
            missing.Add(current);
        return missing;
    }

    private static EfrapException NotWritten(string path, string reason, Exception cause) => new(
        EfrapCode.OutputNotWritten,
        $"cannot write the file: {reason.TrimEnd('.')}. Nothing was changed; free space or choose another output path.",
        path,
        cause);
}
