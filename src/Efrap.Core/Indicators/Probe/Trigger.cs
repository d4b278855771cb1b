using System.Globalization;

namespace Efrap.Core.Indicators.Probe;

/// <summary>What is drawn inside a trigger's area.</summary>
internal enum TriggerPattern
{
    /// <summary>One colour.</summary>
    Plain,

    /// <summary>Squares of two colours.</summary>
    Checkerboard,

    /// <summary>A random level for each channel of each pixel.</summary>
    Noise,
}

/// <summary>
/// A rectangle that is drawn over an image: <c>x' = x + opacity·(pattern − x)</c>. Colours are levels from 0 to 1, the smallest
/// to the largest value of the channel on the samples, whatever the preprocessing made of them.
/// </summary>
/// <param name="Row">The first row.</param>
/// <param name="Column">The first column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Pattern">What is drawn.</param>
/// <param name="Cell">The side of a checkerboard's squares, in pixels; the seed of noise.</param>
/// <param name="Opacity">Above 0 to 1.</param>
/// <param name="Colour">A level for each channel.</param>
internal sealed record Trigger(
    int Row, int Column, int Height, int Width, TriggerPattern Pattern, int Cell, float Opacity, IReadOnlyList<float> Colour)
{
    /// <summary>Draws it on images.</summary>
    /// <param name="space">What triggers are made of.</param>
    /// <param name="images">The images, one after the other; drawn over.</param>
    internal void DrawOn(TriggerSpace space, Span<float> images)
    {
        var image = space.Image;
        var random = new Random(Cell);
        for (var row = Row; row < Row + Height; row++)
        {
            for (var column = Column; column < Column + Width; column++)
            {
                for (var channel = 0; channel < image.Channels; channel++)
                {
                    var level = Pattern == TriggerPattern.Noise ? random.NextSingle() : Level(row, column, channel);
                    var value = space.Value(channel, level);
                    for (var at = image.Index(channel, row, column); at < images.Length; at += image.Length)
                        images[at] += Opacity * (value - images[at]);
                }
            }
        }
    }

    /// <summary>The trigger in words.</summary>
    internal string Describe(ImageLayout image)
    {
        var pattern = Pattern switch
        {
            TriggerPattern.Checkerboard => $"a checkerboard of {Cell}-pixel squares",
            TriggerPattern.Noise => "noise",
            _ => "a plain colour",
        };
        var colour = Pattern == TriggerPattern.Noise
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" ({string.Join(", ", Colour.Select(c => c.ToString("0.##", CultureInfo.InvariantCulture)))} of each channel's range)");
        var where = Height == image.Height && Width == image.Width
            ? "over the whole image"
            : $"on {Height}x{Width} pixels at row {Row}, column {Column}";
        return string.Create(CultureInfo.InvariantCulture, $"{pattern}{colour} {where}, opacity {Opacity:0.##}");
    }

    private float Level(int row, int column, int channel) =>
        Pattern == TriggerPattern.Checkerboard && ((((row - Row) / Cell) + ((column - Column) / Cell)) & 1) == 1
            ? 1 - Colour[channel]
            : Colour[channel];
}
