using Efrap.Core.Evidence;
using Efrap.Core.Release;
using Efrap.Core.Release.Containers;

namespace Efrap.Core;

/// <summary>Verifies a release: whether every model in it is what the build's manifest says, and passes.</summary>
public static class VerifyRelease
{
    /// <summary>Whether a path is a release, and not a model.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Whether it is a folder, or a file that is called or begins like an archive, an assembly or a program, and is not called <c>.onnx</c>.</returns>
    public static bool IsRelease(string path) => Argument.IsRelease(path);

    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each file, or null.</param>
    /// <param name="cancellationToken">Observed between pieces of files.</param>
    /// <returns>The report, also when no file of it was asked for.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ArchiveRejected"/>: it cannot be looked into;
    /// <see cref="EfrapCode.ManifestInvalid"/>: there is no manifest, or it is wrong; or a bad environment.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static ReleaseReport Run(
        VerifyReleaseOptions options, IProgress<ReleaseProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var report = Argument.Guard(options.Path, () =>
        {
            var budget = new ExpansionBudget();
            using var argument = Argument.Open(options.Path, budget, cancellationToken);
            var manifest = FoundManifest.Find(argument, options.ManifestPath, cancellationToken);
            var index = new ManifestIndex(manifest.File.Manifest);
            var scan = new ReleaseScan(index, budget, progress, cancellationToken);
            scan.Run(argument);
            return new ReleaseGate(argument, manifest, index, scan, options.Time).Judge();
        });
        if (options.ReportPath is { } path)
            AtomicFile.WriteAll([(path, stream => ReportJson.Write(report, stream))], cancellationToken);
        return report;
    }
}
