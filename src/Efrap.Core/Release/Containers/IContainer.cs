namespace Efrap.Core.Release.Containers;

/// <summary>What holds files: a folder, an archive, an assembly or a single-file app. Its bytes may be anyone's.</summary>
internal interface IContainer : IDisposable
{
    /// <summary>What it is, as messages say.</summary>
    string Kind { get; }

    /// <summary>Its files, in an order that depends on their names alone.</summary>
    IReadOnlyList<ContainedFile> Files { get; }
}
