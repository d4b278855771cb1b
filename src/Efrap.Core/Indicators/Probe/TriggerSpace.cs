namespace Efrap.Core.Indicators.Probe;

/// <summary>The triggers that are looked for: the bank that a search begins with, and the steps from one trigger to the next.</summary>
/// <param name="image">The layout of the samples.</param>
/// <param name="low">The smallest value of each channel on the samples.</param>
/// <param name="high">The largest value of each channel on the samples.</param>
internal sealed class TriggerSpace(ImageLayout image, float[] low, float[] high)
{
    // What covers more of an image than this is no trigger but another image; a faint veil may lie over all of it.
    private const double LargestPatch = 0.1;
    private const float LargestOpacityOfVeil = 0.25f;

    private static readonly float[] _opacities = [1, 0.75f, 0.5f, 0.3f, 0.2f, 0.1f];

    /// <summary>The layout of the samples.</summary>
    internal ImageLayout Image => image;

    /// <summary>The value of a level from 0 to 1 in a channel.</summary>
    internal float Value(int channel, float level) => low[channel] + (level * (high[channel] - low[channel]));

    /// <summary>An image as bytes, row by row with the channels of a pixel together: 0 and 255 are the smallest and the largest value of
    /// a channel on the samples. Of two channels the first is taken, of four the first three.</summary>
    internal byte[] Pixels(ReadOnlySpan<float> values)
    {
        var channels = image.Channels < 3 ? 1 : 3;
        var pixels = new byte[image.Height * image.Width * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (channel, column, row) = (i % channels, i / channels % image.Width, i / channels / image.Width);
            var level = (values[image.Index(channel, row, column)] - low[channel]) / (high[channel] - low[channel]);
            pixels[i] = (byte)(float.IsNaN(level) ? 0 : Math.Round(255 * Math.Clamp(level, 0, 1)));
        }

        return pixels;
    }

    /// <summary>
    /// Patches of two sizes in five places, in every corner of the colour cube and as checkerboards and noise, and the same over
    /// the whole image, faintly.
    /// </summary>
    internal IReadOnlyList<Trigger> Bank()
    {
        var bank = new List<Trigger>();
        foreach (var part in (double[])[3.0 / 16, 5.0 / 16])
        {
            var (height, width) = (Side(image.Height, part), Side(image.Width, part));
            foreach (var (row, column) in Places(height, width))
                bank.AddRange(Patterns().Select(p => new Trigger(row, column, height, width, p.Pattern, p.Cell, 1, p.Colour)));
        }

        foreach (var opacity in (float[])[0.1f, 0.2f])
            bank.AddRange(Patterns().Select(p => new Trigger(0, 0, image.Height, image.Width, p.Pattern, p.Cell, opacity, p.Colour)));
        return bank;
    }

    /// <summary>A trigger near another one.</summary>
    internal Trigger Step(Trigger old, Random random)
    {
        Trigger next;
        do
        {
            next = OneStep(old, random);
            if (random.Next(2) == 0)
                next = OneStep(next, random);
        }
        while (next == old || !IsTrigger(next));
        return next;
    }

    private bool IsTrigger(Trigger trigger) =>
        trigger.Opacity <= LargestOpacityOfVeil || trigger.Height * trigger.Width <= LargestPatch * image.Height * image.Width;

    private Trigger OneStep(Trigger old, Random random)
    {
        var largest = Math.Max(1, Math.Max(image.Height, image.Width) / 8);
        var by = (1 + random.Next(largest)) * ((2 * random.Next(2)) - 1);
        switch (random.Next(7))
        {
            case 0:
                return old with { Row = Math.Clamp(old.Row + by, 0, image.Height - old.Height) };
            case 1:
                return old with { Column = Math.Clamp(old.Column + by, 0, image.Width - old.Width) };
            case 2:
                var height = Math.Clamp(old.Height + by, 1, image.Height);
                return old with { Height = height, Row = Math.Min(old.Row, image.Height - height) };
            case 3:
                var width = Math.Clamp(old.Width + by, 1, image.Width);
                return old with { Width = width, Column = Math.Min(old.Column, image.Width - width) };
            case 4:
                return old with { Opacity = _opacities[random.Next(_opacities.Length)] };
            case 5:
                var pattern = (TriggerPattern)random.Next(3);
                return old with { Pattern = pattern, Cell = pattern == TriggerPattern.Noise ? random.Next() : 1 + random.Next(largest) };
            default:
                var colour = old.Colour.ToArray();
                colour[random.Next(colour.Length)] = random.Next(4) switch { 0 => 0, 1 => 1, _ => random.NextSingle() };
                return old with { Colour = colour };
        }
    }

    private IEnumerable<(TriggerPattern Pattern, int Cell, float[] Colour)> Patterns()
    {
        var cell = Math.Max(1, Math.Min(image.Height, image.Width) / 16);
        for (var corner = 0; corner < 1 << image.Channels; corner++)
            yield return (TriggerPattern.Plain, 1, [.. Enumerable.Range(0, image.Channels).Select(c => (float)((corner >> c) & 1))]);
        var white = Enumerable.Repeat(1f, image.Channels).ToArray();
        yield return (TriggerPattern.Checkerboard, cell, white);
        yield return (TriggerPattern.Checkerboard, Math.Max(1, cell / 2), white);
        yield return (TriggerPattern.Noise, 1, white);
        yield return (TriggerPattern.Noise, 2, white);
    }

    private IEnumerable<(int Row, int Column)> Places(int height, int width)
    {
        var (bottom, right) = (image.Height - height, image.Width - width);
        var (top, left) = (bottom / 8, right / 8);
        yield return (top, left);
        yield return (top, right - left);
        yield return (bottom - top, left);
        yield return (bottom - top, right - left);
        yield return (bottom / 2, right / 2);
    }

    private static int Side(int whole, double part) => Math.Max(1, (int)Math.Round(part * whole));
}
