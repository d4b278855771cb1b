using System.Runtime.Serialization;
using System.Xml;
using Efrap.Build.Tasks.Protocol;
using Efrap.Build.Tasks.Shipped;

namespace Efrap.Build.Tasks.Cache;

/// <summary>
/// What workers made, by what it was made from: <c>&lt;folder&gt;/entries/&lt;key&gt;/</c>. An entry appears as a whole or not at all, and is
/// checked file by file when it is taken; whatever is wrong with it, it is as if it were not there. The folder may be deleted at any time.
/// </summary>
/// <param name="folder">The cache's folder.</param>
/// <param name="largestBytes">What all entries together may take; the ones not used for longest go first.</param>
internal sealed class ResultCache(string folder, long largestBytes)
{
    private string Entries => Path.Combine(folder, "entries");

    /// <summary>Takes the locks of keys.</summary>
    /// <inheritdoc cref="CacheLock(string, IEnumerable{string}, Action, CancellationToken)"/>
    public CacheLock Lock(IEnumerable<string> keys, Action onWait, CancellationToken cancellation) =>
        new(Path.Combine(folder, "locks"), keys, onWait, cancellation);

    /// <summary>Puts what was made earlier where the worker would have written it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="model">The request.</param>
    /// <param name="today">The day, UTC, that waivers expire by, <c>yyyyMMdd</c>.</param>
    /// <returns>What the worker said then; null where there is no entry that holds.</returns>
    /// <exception cref="IOException">The model's own files cannot be written.</exception>
    public IReadOnlyList<WorkerMessage>? Restore(string key, ModelRequest model, string today)
    {
        string entryFolder = Path.Combine(Entries, key);
        var files = new ModelFiles(model);
        if (Holding(entryFolder, model, today) is not { } entry)
            return null;
        foreach (CachedFile file in entry.Files.OrderBy(ModelFiles.Order))
        {
            if (!TryCopy(StoredPath(entryFolder, file), file.Sha256, files.PathOf(file.Place, file.Name)))
                return null;
        }

        Touch(entryFolder);
        return [.. entry.Messages.Select(message => message.With(model.Id, files.Concrete))];
    }

    /// <summary>Keeps what the worker made.</summary>
    /// <param name="key">The key.</param>
    /// <param name="model">The request.</param>
    /// <param name="messages">What the worker said.</param>
    /// <returns>Why it was not kept, or null.</returns>
    public string? Store(string key, ModelRequest model, IEnumerable<WorkerMessage> messages)
    {
        var files = new ModelFiles(model);
        string temporary = Path.Combine(folder, "new", Guid.NewGuid().ToString("N"));
        try
        {
            if (!File.Exists(model.Evidence + ".audit.json"))
                return "there is no report of an audit";
            AuditFacts facts = AuditFacts.Read(model.Evidence + ".audit.json");
            if (facts.IsCutShort)
                return "a time budget ended: another run may find more";
            Directory.CreateDirectory(temporary);
            var entry = new CacheEntry
            {
                Files = [.. files.Written.Select(file => Keep(temporary, file.Place, file.Ending, files.PathOf(file.Place, file.Ending)))],
                Dependencies = [.. Dependencies("model", facts.ExternalData), .. Dependencies("source", facts.SourceExternalData)],
                Messages = [.. messages.Select(message => message.With("", files.Abstract))],
            };
            entry.Write(temporary);
            Publish(temporary, Path.Combine(Entries, key));
            Prune();
            return null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            return exception.Message;
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static CacheEntry? Holding(string entryFolder, ModelRequest model, string today)
    {
        try
        {
            if (!File.Exists(Path.Combine(entryFolder, CacheEntry.FileName)))
                return null;
            CacheEntry entry = CacheEntry.Read(entryFolder);
            bool isWhole = entry.Files.All(ModelFiles.Knows) && entry.Files.Any(file => file is { Place: "output", Name: ".record" })
                && entry.Dependencies.All(file => IsUnchanged(file, file.Place == "source" ? model.Source : model.Model));
            string until = entry.Files.Any(file => file is { Place: "output", Name: ".until" })
                ? File.ReadAllText(Path.Combine(entryFolder, "output.until")).Trim()
                : "99991231";
            return isWhole && string.CompareOrdinal(today, until) <= 0 ? entry : null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            return null;
        }
    }

    private static bool IsUnchanged(CachedFile file, string? reader)
    {
        if (reader is null)
            return false;
        string path = Path.Combine(Path.GetDirectoryName(reader)!, file.Name);
        return File.Exists(path) && FileHash.Of(path) == file.Sha256;
    }

    private static CachedFile Keep(string entryFolder, string place, string ending, string path)
    {
        var file = new CachedFile { Place = place, Name = ending };
        File.Copy(path, StoredPath(entryFolder, file));
        file.Sha256 = FileHash.Of(StoredPath(entryFolder, file));
        return file;
    }

    private static IEnumerable<CachedFile> Dependencies(string place, AuditFacts.ExternalFile[]? files) =>
        (files ?? []).Select(file => new CachedFile { Place = place, Name = file.Name, Sha256 = file.Sha256 });

    private static string StoredPath(string entryFolder, CachedFile file) => Path.Combine(entryFolder, file.Place + file.Name);

    // Copying keeps the time of the original, and the build copies by time: what is restored is new.
    private static bool TryCopy(string stored, string sha256, string target)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(stored);
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            return false;
        }

        if (FileHash.Of(new MemoryStream(content)) != sha256)
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, content);
        return true;
    }

    private static void Publish(string temporary, string entryFolder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(entryFolder)!);
        // What is there already did not hold.
        TryDelete(entryFolder);
        Directory.Move(temporary, entryFolder);
    }

    private void Prune()
    {
        var entries = new DirectoryInfo(Entries).GetDirectories()
            .Select(entry => (Folder: entry, Bytes: entry.GetFiles().Sum(file => file.Length), Used: entry.LastWriteTimeUtc))
            .OrderByDescending(entry => entry.Used)
            .ToList();
        long bytes = 0;
        foreach (var entry in entries)
        {
            bytes += entry.Bytes;
            if (bytes > largestBytes)
                TryDelete(entry.Folder.FullName);
        }
    }

    private static void Touch(string entryFolder)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(entryFolder, DateTime.UtcNow);
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            // A cache that cannot be written serves all the same; its entries only look older than they are.
            return;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            // Someone is reading it, or deleting it, too.
            return;
        }
    }

    private static bool IsTrouble(Exception exception) => exception
        is IOException or UnauthorizedAccessException or SerializationException or XmlException or FormatException or InvalidCastException or ArgumentException or NotSupportedException;
}
