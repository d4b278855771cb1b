using System.Globalization;
using Efrap.Core;

namespace Efrap.Cli.Terminal;

/// <summary>One-line messages in the format that MSBuild, editors and build servers recognise: <c>origin: category code: text</c>.</summary>
internal static class CanonicalLine
{
    /// <summary>Formats a message.</summary>
    /// <param name="category"><c>error</c> or <c>warning</c>.</param>
    /// <param name="code">The code, or null for a message about the command line as such.</param>
    /// <param name="text">The text.</param>
    /// <param name="file">The file concerned, or null for <c>efrap</c> itself.</param>
    /// <param name="line">The line of it, from 1, or null.</param>
    /// <returns>The line, without its end.</returns>
    public static string Format(string category, EfrapCode? code, string text, string? file = null, int? line = null)
    {
        var origin = string.IsNullOrEmpty(file) ? "efrap" : Printable.Text(file);
        if (line is { } number)
            origin += $"({number.ToString(CultureInfo.InvariantCulture)})";
        var shown = code is { } known ? " " + EfrapException.Format(known) : string.Empty;
        return $"{origin}: {category}{shown}: {Printable.Text(text)}";
    }
}
