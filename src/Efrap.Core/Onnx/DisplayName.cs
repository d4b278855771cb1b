using System.Globalization;
using System.Text;

namespace Efrap.Core.Onnx;

/// <summary>Names out of model and calibration files as messages show them.</summary>
internal static class DisplayName
{
    private const int Longest = 120;

    /// <summary>Makes a name fit to be shown: control and format characters could forge lines of a build log.</summary>
    /// <param name="name">The name, as the file has it.</param>
    /// <returns>The name with every such character replaced by <c>?</c>, cut to 120 characters.</returns>
    public static string Of(string name)
    {
        var shown = new StringBuilder();
        foreach (var character in name.AsSpan(0, Math.Min(name.Length, Longest)))
        {
            var category = char.GetUnicodeCategory(character);
            var hidden = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
            shown.Append(hidden ? '?' : character);
        }

        return name.Length > Longest ? shown.Append('…').ToString() : shown.ToString();
    }
}
