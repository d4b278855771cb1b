using Efrap.Core.Evidence;
using Efrap.Core.Onnx;
using Efrap.Core.Release.Containers;

namespace Efrap.Core.Release;

/// <summary>The manifest that a release is held to.</summary>
/// <param name="File">The manifest.</param>
/// <param name="Origin">How it was found.</param>
/// <param name="Place">Where it lies in the release; null where it lies elsewhere.</param>
/// <param name="Path">Its path on the disk; null where it lies in the release.</param>
internal sealed record FoundManifest(ReleaseManifestFile File, ManifestOrigin Origin, ReleasePlace? Place, string? Path)
{
    // More than any package has copies of one; each is read into memory.
    private const int Most = 64;

    /// <summary>Takes the manifest that the user names, or else looks for the one that the build left in the release.</summary>
    /// <param name="argument">The release.</param>
    /// <param name="given">The path that the user names, or null.</param>
    /// <param name="cancellationToken">Observed between archives.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ManifestInvalid"/>: there is none, or several, or it is wrong.</exception>
    internal static FoundManifest Find(Argument argument, string? given, CancellationToken cancellationToken)
    {
        if (given is not null)
            return new FoundManifest(ReleaseManifestFile.Read(given), ManifestOrigin.Given, null, given);
        return argument.Container is AssemblyContainer ? Beside(argument) : Inside(argument, cancellationToken);
    }

    private static FoundManifest Beside(Argument argument)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(argument.Path))!;
        var path = System.IO.Path.Combine(folder, ReleaseManifestFile.DefaultName);
        return System.IO.File.Exists(path)
            ? new FoundManifest(ReleaseManifestFile.Read(path), ManifestOrigin.Beside, null, path)
            : throw Missing(argument, $"no {ReleaseManifestFile.DefaultName} lies beside it");
    }

    private static FoundManifest Inside(Argument argument, CancellationToken cancellationToken)
    {
        var found = Own(argument);
        if (found.Count == 0)
            found = Nested(argument, cancellationToken);
        // A package has several copies of a file that it puts into several places.
        var different = found.DistinctBy(f => Digest.Of(f.Bytes)).ToList();
        var (place, bytes) = found.Find(f => f.Place is { Container: null, Path: ReleaseManifestFile.DefaultName }) is { Bytes: not null } atRoot ? atRoot
            : different is [var single] ? single
            : different is [] ? throw Missing(argument, $"there is no {ReleaseManifestFile.DefaultName} in it")
            : throw Missing(argument, $"it holds several manifests, {DisplayName.Of($"{different[0].Place}")} and {DisplayName.Of($"{different[1].Place}")} among them");
        return new FoundManifest(ReleaseManifestFile.Read(bytes, argument.Shown(place)), ManifestOrigin.Inside, place, null);
    }

    private static List<(ReleasePlace Place, byte[] Bytes)> Own(Argument argument) =>
        [.. argument.Container.Files.Where(IsManifest).Take(Most).Select(f => (argument.PlaceOf(f.Path), Bytes(f, argument.Path)))];

    private static List<(ReleasePlace Place, byte[] Bytes)> Nested(Argument argument, CancellationToken cancellationToken)
    {
        var found = new List<(ReleasePlace, byte[])>();
        foreach (var archive in argument.Container.Files.Where(f => f.Fault is null && ContainerReader.IsArchive(f.Path)))
        {
            try
            {
                using var container = ContainerReader.Open(archive.Seekable(cancellationToken), ContentKind.Archive, archive.Path, new ExpansionBudget());
                foreach (var file in container?.Files.Where(IsManifest).Take(Most - found.Count) ?? [])
                    found.Add((argument.PlaceOf(archive.Path).Inside(file.Path), Bytes(file, argument.Path)));
            }
            catch (InvalidDataException)
            {
                // The scan comes past it again, and reports it.
                continue;
            }
        }

        return found;
    }

    private static bool IsManifest(ContainedFile file) =>
        file.Fault is null && file.Path.Split('/')[^1] == ReleaseManifestFile.DefaultName;

    private static byte[] Bytes(ContainedFile file, string argument)
    {
        if (file.Length > ReleaseManifestFile.LargestBytes)
        {
            throw new EfrapException(
                EfrapCode.ManifestInvalid,
                $"{DisplayName.Of(file.Path)} has {file.Length} bytes; more than {ReleaseManifestFile.LargestBytes} are refused.",
                argument);
        }

        using var stream = file.Open();
        var bytes = new byte[file.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static EfrapException Missing(Argument argument, string what) => new(
        EfrapCode.ManifestInvalid, $"{what}; name the manifest that the build wrote (--manifest).", argument.Path);
}
