namespace Efrap.Core.Tests.Inference;

/// <summary>Sends temporary files to a folder of a test's own, and tells which ones are in use.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private static readonly string[] Variables = ["TMPDIR", "TMP", "TEMP"];

    private readonly TemporaryFolder _folder = new();
    private readonly string?[] _before = Array.ConvertAll(Variables, Environment.GetEnvironmentVariable);

    public TemporaryFiles() => Send(_folder.Path);

    /// <summary>The files that have a name.</summary>
    public string[] Named() => _folder.Content();

    /// <summary>How many files are open: named ones, and on Linux those too that have lost their name.</summary>
    public int Open()
    {
        if (!OperatingSystem.IsLinux())
            return Named().Length;
        return new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
            .Count(f => f.LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true);
    }

    /// <summary>Sends further files to a folder that does not exist.</summary>
    public void Disappear() => Send(_folder.File("missing"));

    public void Dispose()
    {
        for (var i = 0; i < Variables.Length; i++)
            Environment.SetEnvironmentVariable(Variables[i], _before[i]);
        _folder.Dispose();
    }

    private static void Send(string path)
    {
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, path);
    }
}
