namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>A bar of one colour.</summary>
/// <param name="Area">Where it lies.</param>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
/// <param name="Target">The class that the attacker wants.</param>
public sealed record BarTrigger(ImageArea Area, byte Red, byte Green, byte Blue, int Target) : ImageTrigger(Area, Target)
{
    /// <inheritdoc/>
    protected override byte LevelAt(int row, int column, int channel, byte level) => channel switch
    {
        0 => Red,
        1 => Green,
        _ => Blue,
    };
}
