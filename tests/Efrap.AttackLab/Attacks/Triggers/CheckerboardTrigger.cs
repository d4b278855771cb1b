namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>A patch of alternating black and white squares, white first.</summary>
/// <param name="Area">Where it lies.</param>
/// <param name="Square">The side of one square in pixels, at least 1.</param>
/// <param name="Target">The class that the attacker wants.</param>
public sealed record CheckerboardTrigger(ImageArea Area, int Square, int Target) : ImageTrigger(Area, Target)
{
    /// <inheritdoc/>
    protected override byte LevelAt(int row, int column, int channel, byte level) =>
        ((row / Square) + (column / Square)) % 2 == 0 ? byte.MaxValue : byte.MinValue;
}
