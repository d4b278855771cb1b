using System.Security.Cryptography;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>SHA-256 in lower-case hexadecimal.</summary>
internal static class FileHash
{
    /// <summary>The digest of a file.</summary>
    /// <param name="path">The file.</param>
    public static string Of(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Of(stream);
    }

    /// <summary>The digest of what is left of a stream.</summary>
    /// <param name="stream">The stream.</param>
    public static string Of(Stream stream)
    {
        using var sha256 = SHA256.Create();
        return string.Concat(sha256.ComputeHash(stream).Select(b => b.ToString("x2")));
    }
}
