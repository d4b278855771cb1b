namespace Efrap.Core.Release;

/// <summary>Where something lies in what is released.</summary>
/// <param name="Container">The archive, the single-file app or the assembly inside of the argument that it lies in; null for the argument itself.</param>
/// <param name="Path">The path of the file there, with forward slashes.</param>
/// <param name="Resource">The name of the resource in that file; null for the file itself.</param>
internal sealed record ReleasePlace(ReleasePlace? Container, string Path, string? Resource = null)
{
    /// <summary>The folder of the file, with a slash at its end; empty for the container's root.</summary>
    internal string Folder => Path[..(Path.LastIndexOf('/') + 1)];

    /// <summary>What it is called there, with folders.</summary>
    internal string Name => Resource ?? Path;

    /// <summary>For example <c>lib/net10.0/App.dll!App.Models.classifier.onnx</c>.</summary>
    public override string ToString() => string.Join('!', new[] { Container?.ToString(), Path, Resource }.Where(part => part is not null));

    /// <summary>A file in an archive or a single-file app that lies here.</summary>
    /// <param name="path">Its path there.</param>
    internal ReleasePlace Inside(string path) => new(this, path);

    /// <summary>A resource of an assembly that lies here.</summary>
    /// <param name="resource">Its name.</param>
    internal ReleasePlace ResourceOf(string resource) =>
        Resource is null ? this with { Resource = resource } : new(this with { Resource = null }, Resource, resource);
}
