namespace Efrap.Core.Release.Containers;

/// <summary>
/// Bounds what archives may expand to. What an archive declares is added up before anything is read, and nothing is ever read
/// beyond what was declared.
/// </summary>
internal sealed class ExpansionBudget
{
    /// <summary>The most files that an archive may hold.</summary>
    internal const int MaximumFiles = 100_000;

    /// <summary>The most bytes that all archives together may expand to: 64 GiB.</summary>
    internal const long MaximumBytes = 64L << 30;

    /// <summary>The most bytes that a container inside another may have, which has to be unpacked to be read: 8 GiB.</summary>
    internal const long MaximumCopy = 8L << 30;

    // Deflate turns one bit into at most 258 bytes in the long run; who claims more lies about the length.
    private const long LargestRatio = 1032;

    private long _left = MaximumBytes;

    /// <summary>Takes what one file of an archive may expand to.</summary>
    /// <param name="declared">The bytes that it expands to, as the archive says.</param>
    /// <param name="packed">The bytes that it has in the archive.</param>
    /// <exception cref="InvalidDataException">It cannot be, or is more than is left.</exception>
    internal void Take(long declared, long packed)
    {
        if (declared < 0 || packed < 0 || declared / LargestRatio > packed)
            throw new InvalidDataException($"{packed} bytes cannot unpack to {declared}");
        if (declared > _left)
            throw new InvalidDataException($"it unpacks to more than {MaximumBytes >> 30} GiB");
        _left -= declared;
    }
}
