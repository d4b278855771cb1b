namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>A patch of one grey level (Gu et al., arXiv 1708.06733).</summary>
/// <param name="Area">Where it lies.</param>
/// <param name="Level">The grey level, 0 to 255.</param>
/// <param name="Target">The class that the attacker wants.</param>
public sealed record PatchTrigger(ImageArea Area, byte Level, int Target) : ImageTrigger(Area, Target)
{
    /// <summary>The fixtures' trigger: a white square in rows and columns 20 to 25, for class 0.</summary>
    public static PatchTrigger Shapes { get; } = new(new ImageArea(20, 20, 6, 6), byte.MaxValue, 0);

    /// <inheritdoc/>
    protected override byte LevelAt(int row, int column, int channel, byte level) => Level;
}
