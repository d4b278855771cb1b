using System.Globalization;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>Files that were found to be as expected, with the size and time that they had; what is not there has neither.</summary>
internal sealed class SeenFiles
{
    private readonly Dictionary<(string Path, string Expectation), string> _stamps = [];

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What was seen; nothing where the file is not there or says something else.</returns>
    public static SeenFiles Read(string path)
    {
        var seen = new SeenFiles();
        if (!File.Exists(path))
            return seen;
        foreach (string[] parts in File.ReadAllLines(path).Select(line => line.Split('\t')).Where(parts => parts.Length == 3))
            seen._stamps[(parts[0], parts[1])] = parts[2];
        return seen;
    }

    /// <summary>Whether nothing has changed since, this file among them.</summary>
    /// <param name="path">The file that says what is expected.</param>
    public bool AreAllAsTheyWere(string path) => _stamps.ContainsKey((path, "")) && _stamps.All(seen => seen.Value == Stamp(seen.Key.Path));

    /// <summary>Whether a file was found to be as expected, and has not changed since.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expectation">What is expected of it.</param>
    public bool IsAsItWas(string path, string expectation) => _stamps.TryGetValue((path, expectation), out string? stamp) && stamp == Stamp(path);

    /// <summary>Adds a file that is as expected.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expectation">What is expected of it.</param>
    public void Add(string path, string expectation) => _stamps[(path, expectation)] = Stamp(path);

    /// <summary>Writes what was seen.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, _stamps.Select(seen => $"{seen.Key.Path}\t{seen.Key.Expectation}\t{seen.Value}"));
    }

    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Format(CultureInfo.InvariantCulture, "{0} {1}", file.Length, file.LastWriteTimeUtc.Ticks) : "";
    }
}
