namespace Efrap.AttackLab.Data;

/// <summary>What turns an image's bytes into a net's input: divided by 255, less the mean, divided by the deviation.</summary>
/// <param name="Mean">Per channel, or one value for all.</param>
/// <param name="Std">Per channel, or one value for all; none zero.</param>
public sealed record Preprocessing(IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    /// <summary>What the lab's own nets take: mean 0.5 and deviation 0.25 in all channels.</summary>
    public static Preprocessing Shapes { get; } = new([0.5f], [0.25f]);

    /// <summary>Converts images.</summary>
    /// <param name="pixels">The bytes of whole images.</param>
    /// <param name="format">Their format.</param>
    /// <param name="values">Receives as many values in the same order.</param>
    public void Apply(ReadOnlySpan<byte> pixels, ImageFormat format, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(format);
        var plane = format.Height * format.Width;
        for (var start = 0; start < pixels.Length; start += plane)
        {
            var channel = start / plane % format.Channels;
            var mean = Mean[Mean.Count == 1 ? 0 : channel];
            var std = Std[Std.Count == 1 ? 0 : channel];
            for (var i = start; i < start + plane; i++)
                values[i] = ((pixels[i] / 255f) - mean) / std;
        }
    }
}
