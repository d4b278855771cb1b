using System.Text;
using System.Text.Json;
using Efrap.Core.Onnx;

namespace Efrap.Core;

/// <summary>Says what is wrong with a JSON file in words for those who write such files.</summary>
internal static class JsonRefusal
{
    private const int LongestReason = 400;

    /// <summary>The text of a file without the mark that some editors put first.</summary>
    /// <param name="bytes">The file.</param>
    internal static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    /// <summary>Names the first place where a member is.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="property">The member's name.</param>
    /// <param name="path">Its path, as <c>$.a.b</c>.</param>
    /// <param name="message">What is wrong.</param>
    internal static JsonException At(ReadOnlySpan<byte> text, string property, string path, string message)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(property))
                break;
        }

        return new JsonException(message, path, text[..(int)reader.TokenStartIndex].Count((byte)'\n'), null);
    }

    // The serializer's own sentences speak of .NET types; where it says that a member is unknown, or twice there, the name is
    // what its reader needs.
    /// <summary>Turns what the serializer threw into one line.</summary>
    /// <param name="e">What it threw.</param>
    /// <param name="code">What the refusal is filed under.</param>
    /// <param name="noun">What the file should be, as <c>a policy</c>.</param>
    /// <param name="member">What a member is called, as <c>setting</c>.</param>
    /// <param name="file">The file.</param>
    internal static EfrapException Of(JsonException e, EfrapCode code, string noun, string member, string file)
    {
        var where = e.Path is null or "$" ? string.Empty : $" at {DisplayName.Of(e.Path)}";
        var what = e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"there is no such {member}"
            : e.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "the value is of the wrong kind"
            : e.Message.Contains("allow null values", StringComparison.Ordinal) ? "null is no value here"
            : e.Message.StartsWith("Duplicate propert", StringComparison.Ordinal) ? "it is there twice"
            : e.Message.Contains("missing required properties", StringComparison.Ordinal) ? Missing(e.Message)
            : e.Message.Split(". ")[0].Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.');
        // The serializer quotes what it could not read, however long that is.
        var shown = what.Length > LongestReason ? what[..LongestReason] + "…" : what + ".";
        return new EfrapException(code, $"this is not {noun}{where}: {shown}", file, e)
        {
            Line = (int)(e.LineNumber ?? 0) + 1,
        };
    }

    private static string Missing(string message) => $"{message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.')} is missing";
}
