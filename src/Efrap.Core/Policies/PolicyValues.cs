using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Efrap.Core.Policies;

// Each says in its own words what it expects: the serializer adds where, and nobody reads the names of .NET types.

internal abstract class ChoiceJson<T>(JsonNamingPolicy naming) : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (Spell(value) == text)
                return value;
        }

        throw new JsonException($"one of {string.Join(", ", Enum.GetValues<T>().Select(v => $"\"{Spell(v)}\""))} is expected");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Spell(value));

    private string Spell(T value) => naming.ConvertName(value.ToString());
}

internal sealed class PolicyProfileJson() : ChoiceJson<PolicyProfile>(JsonNamingPolicy.CamelCase);

internal sealed class ConsequenceJson() : ChoiceJson<Consequence>(JsonNamingPolicy.CamelCase);

internal sealed class AllowedRoundingJson() : ChoiceJson<AllowedRounding>(JsonNamingPolicy.CamelCase);

internal abstract class TextJson<T>(string expected) : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var value)
            ? value
            : throw new JsonException(expected);

    protected abstract bool TryParse(string text, out T value);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value as string ?? string.Create(CultureInfo.InvariantCulture, $"{value:yyyy-MM-dd}"));
}

internal sealed class Sha256Json() : TextJson<string>("the SHA-256 of a model's file is expected, 64 hexadecimal digits")
{
    protected override bool TryParse(string text, out string value)
    {
        value = text.ToLowerInvariant();
        return value.Length == 64 && value.All(char.IsAsciiHexDigitLower);
    }
}

internal sealed class IndicatorNameJson() : TextJson<string>($"the name of an indicator is expected, one of {string.Join(", ", IndicatorNames.All)}")
{
    protected override bool TryParse(string text, out string value) => IndicatorNames.All.Contains(value = text);
}

internal sealed class SentenceJson() : TextJson<string>("a text is expected that is not empty")
{
    protected override bool TryParse(string text, out string value) => (value = text.Trim()).Length > 0;
}

internal sealed class DayJson() : TextJson<DateOnly>("a day is expected, such as \"2030-12-31\"")
{
    protected override bool TryParse(string text, out DateOnly value) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
}

internal sealed class ThresholdJson : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new JsonException("a number above 0 is expected");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
