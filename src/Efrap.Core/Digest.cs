using System.Security.Cryptography;
using Google.Protobuf;

namespace Efrap.Core;

/// <summary>SHA-256 digests in lower-case hexadecimal.</summary>
internal static class Digest
{
    internal static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Of(stream);
    }

    internal static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    internal static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static string Of(IMessage message) => Of(message.ToByteArray());
}
