using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tasks.Cache;

/// <summary>The files that a worker may write for one model, and names that stand for their paths in another folder.</summary>
/// <param name="model">The model's request.</param>
internal sealed class ModelFiles(ModelRequest model)
{
    // The record comes last: an output without it is that of an interrupted build.
    private static readonly (string Place, string Ending)[] _all =
    [
        ("evidence", ".audit.json"), ("evidence", ".audit.sarif"), ("evidence", ".audit.html"), ("evidence", ".audit.intoto.json"),
        ("evidence", ".harden.intoto.json"), ("evidence", ".verify.json"), ("output", ".until"), ("report", ""), ("output", ""), ("output", ".record"),
    ];

    /// <summary>Those that exist, and come from this request: of a model that was hardened once and is only audited now, others may lie about.</summary>
    public IEnumerable<(string Place, string Ending)> Written => _all
        .Where(file => model.Action == "harden" || file is not ({ Place: "report" } or { Ending: ".harden.intoto.json" }))
        .Where(file => File.Exists(PathOf(file.Place, file.Ending)));

    /// <summary>Whether a file of an entry is one that a worker writes.</summary>
    /// <param name="file">The file.</param>
    public static bool Knows(CachedFile file) => _all.Contains((file.Place, file.Name));

    /// <summary>The position of a file in the order of writing.</summary>
    /// <param name="file">The file.</param>
    public static int Order(CachedFile file) => Array.IndexOf(_all, (file.Place, file.Name));

    /// <summary>Where a file lies.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="ending">Its ending.</param>
    public string PathOf(string place, string ending) => Root(place) + ending;

    /// <summary>A path as a name that means the same in another folder; what is none of the model's files stays.</summary>
    /// <param name="path">The path, or null.</param>
    public string? Abstract(string? path)
    {
        foreach (string place in new[] { "evidence", "report", "output", "model", "source", "calibration" })
        {
            string root = Root(place);
            if (root.Length > 0 && path is not null && path.StartsWith(root, StringComparison.Ordinal))
                return $"<{place}>{path.Substring(root.Length)}";
        }

        return path;
    }

    /// <summary>The path that <see cref="Abstract"/> made a name of.</summary>
    /// <param name="name">The name, or null.</param>
    public string? Concrete(string? name)
    {
        int end = name?.IndexOf('>') ?? -1;
        return end > 0 && name![0] == '<' ? Root(name.Substring(1, end - 1)) + name.Substring(end + 1) : name;
    }

    private string Root(string place) => place switch
    {
        "evidence" => model.Evidence,
        "report" => model.Report,
        "output" => model.Output,
        "model" => model.Model,
        "source" => model.Source ?? "",
        "calibration" => model.Calibration ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(place)),
    };
}
