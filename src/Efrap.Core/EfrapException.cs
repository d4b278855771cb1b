using System.Globalization;

namespace Efrap.Core;

/// <summary>
/// A problem that its reader can act on: one line that says what is wrong, where, and what to do.
/// Everything that bad input or a bad environment can cause ends in this type.
/// </summary>
public sealed class EfrapException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">The code that the message is filed under.</param>
    /// <param name="message">One line: what is wrong and what to do, without the code and the file.</param>
    /// <param name="file">The file concerned, as the user named it, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public EfrapException(EfrapCode code, string message, string? file = null, Exception? innerException = null)
        : base(OneLine(message), innerException)
    {
        Code = code;
        File = file;
    }

    /// <summary>The code that the message is filed under.</summary>
    public EfrapCode Code { get; }

    /// <summary>The file concerned, as the user named it, or null.</summary>
    public string? File { get; }

    /// <summary>The line of the file that is concerned, from 1; null where none is.</summary>
    public int? Line { get; init; }

    /// <summary>The code as shown, <c>EFRAP</c> and four digits.</summary>
    public string CodeText => Format(Code);

    /// <summary>Formats a code as <c>EFRAP</c> and four digits.</summary>
    /// <param name="code">The code.</param>
    /// <returns>For example <c>EFRAP1002</c>.</returns>
    public static string Format(EfrapCode code) => $"EFRAP{(int)code:D4}";

    // Messages quote other libraries, whose own may span lines, and names out of files, which could forge some.
    private static string OneLine(string text)
    {
        var lines = text.Split(['\r', '\n', '\t', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Concat(string.Join(' ', lines).Select(c => IsHidden(c) ? '?' : c));
    }

    private static bool IsHidden(char character) =>
        char.IsControl(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format;
}
