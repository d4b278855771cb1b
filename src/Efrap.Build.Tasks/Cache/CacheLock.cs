namespace Efrap.Build.Tasks.Cache;

/// <summary>Keeps two builds from working on the same models at once: the second waits and finds what the first made.</summary>
internal sealed class CacheLock : IDisposable
{
    private readonly List<FileStream> _files = [];

    /// <summary>Takes the locks of several keys.</summary>
    /// <param name="folder">Where lock files lie.</param>
    /// <param name="keys">The keys. They are taken in one order by everybody, so that nobody waits for one who waits for him.</param>
    /// <param name="onWait">Told once if another build has one of them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="IOException">Lock files cannot be made.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is locked.</exception>
    public CacheLock(string folder, IEnumerable<string> keys, Action onWait, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        bool hasWaited = false;
        try
        {
            foreach (string key in keys.Distinct(StringComparer.Ordinal).OrderBy(key => key, StringComparer.Ordinal))
            {
                while (!TryTake(Path.Combine(folder, key + ".lock")))
                {
                    if (!hasWaited)
                        onWait();
                    hasWaited = true;
                    if (cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200)))
                        throw new OperationCanceledException(cancellation);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gives the locks back. The files stay: who deletes one while another opens it would leave two owners.</summary>
    public void Dispose()
    {
        foreach (FileStream file in _files)
            file.Dispose();
        _files.Clear();
    }

    private bool TryTake(string path)
    {
        try
        {
            _files.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }
}
