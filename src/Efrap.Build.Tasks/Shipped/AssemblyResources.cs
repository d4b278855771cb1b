using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>Reads resources of an assembly without loading it.</summary>
internal static class AssemblyResources
{
    /// <summary>The digest of a resource that lies in the assembly itself.</summary>
    /// <param name="file">The assembly; it is closed.</param>
    /// <param name="name">The resource's name.</param>
    /// <returns>SHA-256; null where there is no such resource.</returns>
    /// <exception cref="BadImageFormatException">The file is no assembly.</exception>
    public static string? Hash(Stream file, string name)
    {
        using var assembly = new PEReader(file);
        if (!assembly.HasMetadata || assembly.PEHeaders.CorHeader is not { } header)
            throw new BadImageFormatException("this is no assembly");
        MetadataReader metadata = assembly.GetMetadataReader();
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (resource.Implementation.IsNil && metadata.StringComparer.Equals(resource.Name, name))
                return HashAt(assembly.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress + (int)resource.Offset));
        }

        return null;
    }

    // Four bytes of length, then the resource itself.
    private static string HashAt(PEMemoryBlock block)
    {
        int length = block.GetReader(0, sizeof(int)).ReadInt32();
        using var content = new MemoryStream(block.GetReader(sizeof(int), length).ReadBytes(length));
        return FileHash.Of(content);
    }
}
