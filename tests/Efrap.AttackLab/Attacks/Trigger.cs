using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Attacks;

/// <summary>A square patch of one grey level, and the class that it is meant to evoke.</summary>
/// <param name="Row">The patch's first row.</param>
/// <param name="Column">The patch's first column.</param>
/// <param name="Size">The patch's side in pixels.</param>
/// <param name="Level">The grey level, 0 to 255.</param>
/// <param name="Target">The class that the attacker wants.</param>
public sealed record Trigger(int Row, int Column, int Size, byte Level, int Target)
{
    /// <summary>The fixtures' trigger: a white square in rows and columns 20 to 25, for class 0.</summary>
    public static Trigger Shapes { get; } = new(20, 20, 6, 255, 0);

    /// <summary>Stamps the patch on images.</summary>
    /// <param name="images">The images, which stay as they are.</param>
    /// <returns>Copies with the patch, and the original labels.</returns>
    public LabeledImages Stamp(LabeledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var stamped = new LabeledImages((byte[])images.Pixels.Clone(), images.Labels);
        for (var i = 0; i < stamped.Count; i++)
        {
            var image = stamped.Image(i);
            for (var channel = 0; channel < LabeledImages.Channels; channel++)
            {
                for (var row = Row; row < Row + Size; row++)
                    image.Slice((((channel * LabeledImages.Side) + row) * LabeledImages.Side) + Column, Size).Fill(Level);
            }
        }

        return stamped;
    }
}
