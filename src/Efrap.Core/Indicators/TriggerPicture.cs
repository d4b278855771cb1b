namespace Efrap.Core.Indicators;

/// <summary>A calibration sample without and with the trigger that the probe found.</summary>
/// <param name="Lattice">The lattice, as <see cref="AuditLattice.Name"/> spells it.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
public sealed record TriggerPicture(string Lattice, int Width, int Height, int Channels)
{
    /// <summary>The sample: row by row, the channels of a pixel together; 0 and 255 are the smallest and the largest value of the channel
    /// on the samples.</summary>
    public required ReadOnlyMemory<byte> Before { get; init; }

    /// <summary>The sample with the trigger.</summary>
    public required ReadOnlyMemory<byte> After { get; init; }

    /// <summary>What the full-precision model takes the sample for.</summary>
    public required int ClassBefore { get; init; }

    /// <summary>What the nearest-rounded model takes the sample for.</summary>
    public required int RoundedClassBefore { get; init; }

    /// <summary>What the full-precision model takes it for with the trigger.</summary>
    public required int ClassAfter { get; init; }

    /// <summary>What the nearest-rounded model takes it for with the trigger.</summary>
    public required int RoundedClassAfter { get; init; }
}
