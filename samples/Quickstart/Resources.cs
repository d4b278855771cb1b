namespace Quickstart;

/// <summary>What is embedded in this assembly.</summary>
internal static class Resources
{
    /// <summary>A resource's bytes.</summary>
    public static byte[] Read(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
