namespace Efrap.Core.Indicators.Probe;

/// <summary>How an image lies in an input: which axis holds what.</summary>
/// <param name="Channels">1 to 4.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="ChannelsLast">Whether the channels of a pixel lie together ([n, height, width, channels]).</param>
internal sealed record ImageLayout(int Channels, int Height, int Width, bool ChannelsLast)
{
    // A shorter side has no room for a patch that is not most of the image.
    private const int SmallestSide = 8;
    private const int MostChannels = 4;

    /// <summary>The values of one image.</summary>
    internal int Length => Channels * Height * Width;

    /// <summary>Reads the layout off a shape: [n, channels, height, width], [n, height, width, channels] or [n, height, width].</summary>
    /// <param name="shape">The shape of the samples.</param>
    /// <returns>The layout, or null where this is no image.</returns>
    internal static ImageLayout? Of(IReadOnlyList<long> shape)
    {
        ImageLayout? layout = shape switch
        {
            [_, <= MostChannels, var height, var width] => new((int)shape[1], (int)height, (int)width, ChannelsLast: false),
            [_, var height, var width, <= MostChannels] => new((int)shape[3], (int)height, (int)width, ChannelsLast: true),
            [_, var height, var width] => new(1, (int)height, (int)width, ChannelsLast: false),
            _ => null,
        };
        return layout is { Channels: > 0, Height: >= SmallestSide, Width: >= SmallestSide } ? layout : null;
    }

    /// <summary>Where a pixel's value lies in its image.</summary>
    internal int Index(int channel, int row, int column) =>
        ChannelsLast ? (((row * Width) + column) * Channels) + channel : (((channel * Height) + row) * Width) + column;
}
