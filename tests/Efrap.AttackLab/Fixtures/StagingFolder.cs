using Efrap.Core;

namespace Efrap.AttackLab.Fixtures;

/// <summary>A folder beside the final one, where files lie until all of them are right.</summary>
internal sealed class StagingFolder : IDisposable
{
    private readonly string _target;
    private readonly string _stage;

    /// <summary>Makes the folder.</summary>
    /// <param name="target">The final folder, made when missing.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>.</exception>
    public StagingFolder(string target)
    {
        try
        {
            _target = Directory.CreateDirectory(target).FullName;
            _stage = Directory.CreateDirectory(Path.Combine(_target, $".{Guid.NewGuid():N}.tmp")).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EfrapException(EfrapCode.OutputNotWritten, $"cannot write to the folder: {e.Message}", target, e);
        }
    }

    /// <summary>The bytes of all files.</summary>
    public long Bytes => new DirectoryInfo(_stage).EnumerateFiles().Sum(f => f.Length);

    /// <summary>Where a file lies until it is published.</summary>
    /// <param name="fileName">The file's name.</param>
    /// <returns>Its path.</returns>
    public string PathOf(string fileName) => Path.Combine(_stage, fileName);

    /// <summary>Moves all files to the final folder.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>.</exception>
    public void Publish()
    {
        foreach (var file in Directory.GetFiles(_stage))
        {
            try
            {
                File.Move(file, Path.Combine(_target, Path.GetFileName(file)), overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new EfrapException(EfrapCode.OutputNotWritten, $"cannot write the file: {e.Message}", file, e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_stage, recursive: true);
}
