using Efrap.Core.Release.Containers;

namespace Efrap.Core.Release;

/// <summary>Finds the models in a container, and in the containers in it, one level deep.</summary>
/// <param name="index">What the manifest wants the digest of.</param>
/// <param name="budget">What archives may expand to.</param>
/// <param name="progress">Told of each of the container's own files, or null.</param>
/// <param name="cancellationToken">Observed between pieces of files.</param>
internal sealed class ReleaseScan(
    ManifestIndex index, ExpansionBudget budget, IProgress<ReleaseProgress>? progress, CancellationToken cancellationToken)
{
    private readonly Dictionary<ReleasePlace, string> _digests = [];
    private readonly List<ReleasePlace> _models = [];
    private readonly List<ReleasePlace> _assemblies = [];
    private readonly List<LeftOut> _left = [];

    /// <summary>The models that were found, in the order of their places.</summary>
    internal IReadOnlyList<ReleasePlace> Models => [.. _models.OrderBy(m => m.ToString(), StringComparer.Ordinal)];

    /// <summary>The digests of all models, and of everything else that the manifest names.</summary>
    internal IReadOnlyDictionary<ReleasePlace, string> Digests => _digests;

    /// <summary>The assemblies whose resources were looked at.</summary>
    internal IReadOnlyList<ReleasePlace> Assemblies => _assemblies;

    /// <summary>What was not looked into, in the order of its places.</summary>
    internal IReadOnlyList<LeftOut> Left => [.. _left.OrderBy(l => l.Place.ToString(), StringComparer.Ordinal)];

    /// <summary>Looks at the argument's own files and at what lies in them.</summary>
    /// <param name="argument">The argument.</param>
    /// <exception cref="InvalidDataException">The argument is damaged.</exception>
    internal void Run(Argument argument)
    {
        var container = argument.Container;
        if (container is AssemblyContainer)
            _assemblies.Add(new ReleasePlace(null, argument.Name));
        var level = new Level(Depth: 0, InApp: container is BundleContainer);
        for (var i = 0; i < container.Files.Count; i++)
        {
            progress?.Report(new ReleaseProgress(container.Files[i].Path, i, container.Files.Count));
            Look(container.Files[i], argument.PlaceOf(container.Files[i].Path), level);
        }
    }

    private void Look(ContainedFile file, ReleasePlace place, Level level)
    {
        var isNamed = index.At(place).Count > 0 || HasExtension(place, ".onnx");
        if (file.Fault is { } fault)
        {
            _left.Add(new LeftOut(place, fault, isNamed || file.IsHidden));
            return;
        }

        if (Read(file, place, isNamed || index.Wants(place)) is not { } content)
            return;
        if (content.Sha256 is { } sha256)
            _digests.Add(place, sha256);
        if (isNamed || content.Kind == ContentKind.Model)
            _models.Add(place);
        else if (content.Kind is ContentKind.OrtModel || HasExtension(place, ".ort"))
            _left.Add(new LeftOut(place, "is a model in ONNX Runtime's own format, which is not checked", Fails: false));
        else if (content.Kind is ContentKind.TensorFlowLiteModel || HasExtension(place, ".tflite"))
            _left.Add(new LeftOut(place, "is a TensorFlow Lite model, which is not checked", Fails: false));
        else if (ContainerReader.KindOf(content.Kind, place.Name) is (ContentKind.Archive or ContentKind.Program) and var kind)
            LookInto(file, place, kind, level);
    }

    private FileContent? Read(ContainedFile file, ReleasePlace place, bool isWanted)
    {
        try
        {
            return FileContent.Read(file, isWanted, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _left.Add(new LeftOut(place, "cannot be read: " + e.Message.TrimEnd('.'), Fails: true));
            return null;
        }
    }

    private void LookInto(ContainedFile file, ReleasePlace place, ContentKind kind, Level level)
    {
        if (level.Depth == Level.Deepest)
        {
            level.Deeper.Add(place);
            return;
        }

        try
        {
            using var container = ContainerReader.Open(file.Seekable(cancellationToken), kind, place.Name, budget);
            if (container is not null)
                LookIntoAll(container, place, level);
        }
        catch (InvalidDataException e)
        {
            var isMeantToBe = kind == ContentKind.Program || ContainerReader.IsArchive(place.Name);
            _left.Add(new LeftOut(place, "cannot be looked into: " + e.Message.TrimEnd('.'), isMeantToBe));
        }
    }

    // A single-file app is its folder in another form, and no level of its own.
    private void LookIntoAll(IContainer container, ReleasePlace place, Level level)
    {
        if (container is AssemblyContainer)
            _assemblies.Add(place);
        var isApp = container is BundleContainer;
        var next = new Level(isApp && !level.InApp ? level.Depth : level.Depth + 1, isApp);
        foreach (var file in container.Files)
            Look(file, container is AssemblyContainer ? place.ResourceOf(file.Path) : place.Inside(file.Path), next);
        if (next.Deeper.Count > 0)
        {
            var what = $"holds {next.Deeper.Count} archives, programs or libraries, which lie deeper than is looked into; the first is {next.Deeper[0]}";
            _left.Add(new LeftOut(place, what, Fails: false));
        }
    }

    private static bool HasExtension(ReleasePlace place, string extension) =>
        place.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private sealed record Level(int Depth, bool InApp)
    {
        internal const int Deepest = 1;

        internal List<ReleasePlace> Deeper { get; } = [];
    }
}

/// <summary>Something that was not looked into.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Reason">Why, as the end of a sentence.</param>
/// <param name="Fails">Whether a release with it cannot pass.</param>
internal sealed record LeftOut(ReleasePlace Place, string Reason, bool Fails);
