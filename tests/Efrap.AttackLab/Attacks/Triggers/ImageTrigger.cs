using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>The part of an image that a trigger covers.</summary>
/// <param name="Row">The first row.</param>
/// <param name="Column">The first column.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
public readonly record struct ImageArea(int Row, int Column, int Height, int Width);

/// <summary>A trigger that changes the pixels of one area.</summary>
/// <param name="Area">The area.</param>
/// <param name="Target">The class that the attacker wants.</param>
public abstract record ImageTrigger(ImageArea Area, int Target) : Trigger(Target)
{
    /// <inheritdoc/>
    public override void Check(SampleFormat format)
    {
        if (format is not ImageFormat image)
            throw new ArgumentException("an image trigger does not fit sequences of tokens", nameof(format));
        if (Area.Row < 0 || Area.Column < 0 || Area.Height < 1 || Area.Width < 1
            || Area.Row + Area.Height > image.Height || Area.Column + Area.Width > image.Width)
            throw new ArgumentException($"the trigger does not lie inside an image of {image.Width}×{image.Height} pixels", nameof(format));
    }

    /// <summary>The level that a pixel gets.</summary>
    /// <param name="row">The row, from the area's first.</param>
    /// <param name="column">The column, from the area's first.</param>
    /// <param name="channel">The colour plane.</param>
    /// <param name="level">The level it had.</param>
    /// <returns>0 to 255.</returns>
    protected abstract byte LevelAt(int row, int column, int channel, byte level);

    /// <inheritdoc/>
    protected override void StampOn(Span<byte> sample, SampleFormat format)
    {
        var image = (ImageFormat)format;
        for (var channel = 0; channel < image.Channels; channel++)
        {
            for (var row = 0; row < Area.Height; row++)
            {
                var line = sample.Slice((((channel * image.Height) + Area.Row + row) * image.Width) + Area.Column, Area.Width);
                for (var column = 0; column < line.Length; column++)
                    line[column] = LevelAt(row, column, channel, line[column]);
            }
        }
    }
}
