namespace Efrap.Core.Calibration;

/// <summary>
/// Bounds what calibration data may take of memory. Small files can unpack to very much, and what they claim is added up
/// here before anything is allocated.
/// </summary>
internal sealed class ByteBudget
{
    /// <summary>The most that all samples may take in memory: as much as one array can hold.</summary>
    public const long MaximumBytes = 0x7FFF_FFC7;

    private long _left = MaximumBytes;

    /// <summary>Takes a part of the budget.</summary>
    /// <param name="bytes">The bytes about to be allocated.</param>
    /// <returns>The same number, as a length.</returns>
    /// <exception cref="InvalidDataException">The budget is used up.</exception>
    public int Take(long bytes)
    {
        if (bytes > _left)
            throw new InvalidDataException("the samples take more than 2 GiB of memory, use fewer of them");
        _left -= bytes;
        return (int)bytes;
    }
}
