using System.Globalization;
using System.Text;

namespace Efrap.Cli.Terminal;

/// <summary>
/// Makes text from a model safe to show: a node's name may hold escape sequences that move the cursor, rewrite
/// earlier lines or reverse the direction of writing.
/// </summary>
internal static class Printable
{
    /// <summary>Replaces every character that is not shown as itself by its number, such as <c>\u001B</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>One line without control or formatting characters.</returns>
    public static string Text(string text)
    {
        if (text.All(IsShown))
            return text;
        var shown = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (IsShown(c))
                shown.Append(c);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return shown.ToString();
    }

    private static bool IsShown(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
