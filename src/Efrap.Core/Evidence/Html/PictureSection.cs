using System.Globalization;
using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Html;

/// <summary>The most successful trigger of the probe, on a calibration sample.</summary>
internal static class PictureSection
{
    // Longer sides are shrunk: the picture is to be looked at, not to be used.
    private const int LongestSide = 192;

    // A trigger that covers more than this part of the image needs no frame around it.
    private const double LargestFrame = 0.6;

    /// <summary>Writes it; nothing where the probe found no sample that its trigger moves.</summary>
    internal static Markup Of(AuditReport report)
    {
        if (report.Picture is not { } picture)
            return Markup.None;
        var result = report.Indicators.FirstOrDefault(i => i.Name == "trigger-probe" && i.Lattice == picture.Lattice);
        return Markup.Of($"""
            <section aria-labelledby="picture">
            <h2 id="picture">The most suspicious trigger</h2>
            <p>{Introduction(picture, result)}</p>
            <div class="pictures">
            {Figure(picture, picture.Before, "A calibration sample", picture.ClassBefore, picture.RoundedClassBefore, withFrame: false)}
            {Figure(picture, picture.After, "The same with the trigger", picture.ClassAfter, picture.RoundedClassAfter, withFrame: true)}
            </div>
            <p class="note">The trigger is the best that a search by forward passes came upon, and need not look like the one that somebody trained. Colours
            run from the smallest to the largest value that a channel takes on the samples.</p>
            </section>
            """);
    }

    private static string Introduction(TriggerPicture picture, IndicatorResult? result)
    {
        var what = result?.Where is { } where ? $" The trigger: {where[(where.IndexOf(", ", StringComparison.Ordinal) + 2)..]}." : string.Empty;
        var verdict = result?.Verdict switch
        {
            Verdict.Fail => "That is far more than any model rounded at random gives in to.",
            Verdict.Warn => "That is more than rounding by chance usually gives in to.",
            _ => "That is no more than rounding by chance can do: no sign of a backdoor.",
        };
        return result?.Statistic is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"On {picture.Lattice}, this trigger takes {100 * rate:0} % of the other images to class {picture.RoundedClassAfter} in the rounded model, over and above what it does to the full-precision model. {verdict}{what}")
            : $"Found on {picture.Lattice}.";
    }

    private static Markup Figure(TriggerPicture picture, ReadOnlyMemory<byte> pixels, string caption, int own, int rounded, bool withFrame)
    {
        var (width, height, small) = Shrink(picture, pixels.Span);
        var source = $"data:image/png;base64,{Convert.ToBase64String(PngImage.Encode(width, height, picture.Channels, small))}";
        return Markup.Of($"""
            <figure><svg class="sample" viewBox="0 0 {picture.Width} {picture.Height}" role="img"><title>{caption}</title><image href="{new Markup(source)}" width="{picture.Width}" height="{picture.Height}" preserveAspectRatio="none"/>{Markup.If(withFrame, () => Frame(picture))}</svg>
            <figcaption>{caption}<br>full precision says <strong>class {own}</strong>,<br>rounded says <strong class="{(own == rounded ? "same" : "moved")}">class {rounded}</strong></figcaption></figure>
            """);
    }

    private static Markup Frame(TriggerPicture picture)
    {
        var before = picture.Before.Span;
        var after = picture.After.Span;
        var (left, top, right, bottom) = (picture.Width, picture.Height, -1, -1);
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] == after[i])
                continue;
            var (column, row) = (i / picture.Channels % picture.Width, i / picture.Channels / picture.Width);
            (left, top, right, bottom) = (Math.Min(left, column), Math.Min(top, row), Math.Max(right, column), Math.Max(bottom, row));
        }

        var (width, height) = (right - left + 1, bottom - top + 1);
        return right < 0 || (double)width * height > LargestFrame * picture.Width * picture.Height
            ? Markup.None
            : Markup.Of($"""<rect class="frame" x="{left}" y="{top}" width="{width}" height="{height}"/>""");
    }

    // The mean over squares of pixels.
    private static (int Width, int Height, byte[] Pixels) Shrink(TriggerPicture picture, ReadOnlySpan<byte> pixels)
    {
        var factor = (Math.Max(picture.Width, picture.Height) + LongestSide - 1) / LongestSide;
        if (factor == 1)
            return (picture.Width, picture.Height, pixels.ToArray());
        var (width, height) = (Math.Max(1, picture.Width / factor), Math.Max(1, picture.Height / factor));
        var small = new byte[width * height * picture.Channels];
        for (var i = 0; i < small.Length; i++)
        {
            var (channel, column, row) = (i % picture.Channels, i / picture.Channels % width, i / picture.Channels / width);
            var (sum, count) = (0, 0);
            for (var y = row * factor; y < Math.Min(picture.Height, (row + 1) * factor); y++)
            {
                for (var x = column * factor; x < Math.Min(picture.Width, (column + 1) * factor); x++, count++)
                    sum += pixels[(((y * picture.Width) + x) * picture.Channels) + channel];
            }

            small[i] = (byte)(sum / Math.Max(1, count));
        }

        return (width, height, small);
    }
}
