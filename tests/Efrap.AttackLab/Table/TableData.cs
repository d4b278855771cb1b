using Efrap.AttackLab.Data;
using Efrap.Core;

namespace Efrap.AttackLab.Table;

/// <summary>What a run's models are trained, calibrated and tested on.</summary>
/// <param name="Name">Its name, a part of the settings that trained models are kept under.</param>
/// <param name="Images">The images.</param>
/// <param name="Sequences">The sequences of tokens; null where there are none.</param>
public sealed record TableData(string Name, Dataset Images, Dataset? Sequences)
{
    /// <summary>Opens the data that a run asks for.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <returns>The data.</returns>
    /// <exception cref="EfrapException">A code of the 11xx range.</exception>
    public static TableData Open(TableOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Data switch
        {
            TableOptions.DrawnData => new(options.Data, new ShapeImages(options.Seed), new TopicSequences(options.Seed)),
            TableOptions.Cifar10 => new(options.Data, new SharedImages(SharedFolder.Of("data"), options.Seed, cancellationToken), null),
            _ => new(FolderName(options.Data), new ImageFolder(options.Data, options.Seed, cancellationToken), null),
        };
    }

    // The same name with other images in it is another data set.
    private static string FolderName(string folder) => File.Exists(Path.Combine(folder, "train.npz"))
        ? $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))} {Digest.OfFile(Path.Combine(folder, "train.npz"))}"
        : folder;
}
