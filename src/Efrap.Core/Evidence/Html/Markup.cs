using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Efrap.Core.Evidence.Html;

/// <summary>A piece of HTML. Whatever is put into it that is no markup itself becomes text: nothing out of a model or a policy can
/// become an element, an attribute or a script.</summary>
/// <param name="Source">The HTML.</param>
internal readonly record struct Markup(string Source)
{
    /// <summary>Nothing.</summary>
    internal static Markup None { get; } = new(string.Empty);

    /// <summary>Markup with values in it, which are encoded.</summary>
    /// <param name="format">An interpolated string: its literal parts are HTML, its values text.</param>
    internal static Markup Of(MarkupFormat format) => new(format.ToString());

    /// <summary>Pieces one after the other, each on its own line.</summary>
    internal static Markup Lines(IEnumerable<Markup> pieces) => new(string.Join('\n', pieces.Select(p => p.Source).Where(p => p.Length > 0)));

    /// <summary>A piece, or nothing.</summary>
    internal static Markup If(bool condition, Func<Markup> piece) => condition ? piece() : None;

    public override string ToString() => Source;
}

/// <summary>Encodes the values of an interpolated string.</summary>
/// <param name="literalLength">The length of its literal parts.</param>
/// <param name="formattedCount">The number of its values.</param>
[InterpolatedStringHandler]
internal readonly ref struct MarkupFormat(int literalLength, int formattedCount)
{
    // A name out of a model may be as long as the model.
    private const int LongestText = 1000;

    private static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _source = new(literalLength + (16 * formattedCount));

    internal void AppendLiteral(string html) => _source.Append(html);

    internal void AppendFormatted(Markup markup) => _source.Append(markup.Source);

    internal void AppendFormatted(string? text) => _source.Append(_encoder.Encode(Visible(text ?? string.Empty)));

    internal void AppendFormatted(int number) => _source.Append(number.ToString(CultureInfo.InvariantCulture));

    // Positions in drawings: a hundredth is finer than any screen.
    internal void AppendFormatted(double number) => _source.Append(number.ToString("0.##", CultureInfo.InvariantCulture));

    public override string ToString() => _source.ToString();

    // Characters that turn the direction of text around, or that cannot be seen, would let a name pass for another.
    private static string Visible(string text)
    {
        var shown = text.Length > LongestText ? text[..LongestText] + "…" : text;
        return string.Concat(shown.EnumerateRunes().Select(r => IsHidden(r) ? "\ufffd" : r.ToString()));
    }

    private static bool IsHidden(Rune rune) => Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
