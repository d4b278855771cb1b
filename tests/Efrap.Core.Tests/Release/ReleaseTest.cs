using Efrap.Core.Evidence;

namespace Efrap.Core.Tests.Release;

/// <summary>Verifies releases in a folder of its own.</summary>
public abstract class ReleaseTest : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a release and its manifest, and verifies it.</summary>
    private protected ReleaseReport Verify(byte[] manifest, string name, byte[] release) =>
        Verify(manifest, Folder.Write(name, release));

    /// <summary>Writes a folder and its manifest, and verifies it.</summary>
    private protected ReleaseReport Verify(byte[] manifest, params (string Path, byte[] Bytes)[] files)
    {
        foreach (var (path, bytes) in files)
            Folder.Write("release/" + path, bytes);
        return Verify(manifest, Folder.File("release"));
    }

    private protected ReleaseReport Verify(byte[] manifest, string path) => VerifyRelease.Run(Options(manifest, path));

    private protected VerifyReleaseOptions Options(byte[] manifest, string path) =>
        new(path) { ManifestPath = Folder.Write("evidence/manifest.json", manifest), Time = new FixedTime() };

    /// <summary>The only problem of a release.</summary>
    private protected static string Problem(ReleaseReport report)
    {
        Assert.AreEqual(ReleaseVerdict.Fail, report.Verdict);
        var problem = report.Problems.Single();
        return problem.Place is null ? problem.Text : $"{problem.Place} {problem.Text}";
    }

    /// <summary>Noon of 15 June 2026.</summary>
    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    }
}
