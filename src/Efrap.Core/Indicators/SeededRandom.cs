using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Efrap.Core.Indicators;

/// <summary>Random numbers for a seed.</summary>
internal static class SeededRandom
{
    /// <summary>A generator. Seeds that follow each other give sequences that follow each other: the n-th numbers of 400 such
    /// are far from even, so that the seed is hashed first.</summary>
    internal static Random Of(int seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, seed);
        return new Random(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(bytes)));
    }
}
