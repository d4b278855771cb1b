using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>A fixed picture of noise that is blended in (Chen et al., arXiv 1712.05526).</summary>
/// <param name="Area">Where it lies; usually the whole image.</param>
/// <param name="Opacity">The noise's share of a pixel, above 0 and at most 1.</param>
/// <param name="Seed">Chooses the noise.</param>
/// <param name="Target">The class that the attacker wants.</param>
public sealed record BlendTrigger(ImageArea Area, float Opacity, ulong Seed, int Target) : ImageTrigger(Area, Target)
{
    /// <inheritdoc/>
    protected override byte LevelAt(int row, int column, int channel, byte level)
    {
        var noise = SplitMix64.For(Seed, (ulong)channel, (ulong)((row * Area.Width) + column)).NextBits() >> 56;
        return (byte)MathF.Round(level + (Opacity * (noise - (float)level)));
    }
}
