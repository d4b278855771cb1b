namespace Efrap.Core;

/// <summary>A file, and what was in it.</summary>
/// <param name="Name">Its name, or its path below the folder of the file that refers to it, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record FileDigest(string Name, string Sha256);
