using System.Text.Json;
using System.Text.Json.Serialization;

namespace Efrap.Core;

/// <summary>Codes in JSON are what messages show: <c>EFRAP</c> and four digits.</summary>
internal sealed class EfrapCodeJson : JsonConverter<EfrapCode>
{
    public override EfrapCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        foreach (var code in Enum.GetValues<EfrapCode>())
        {
            if (EfrapException.Format(code) == text)
                return code;
        }

        throw new JsonException("a code of Efrap is expected");
    }

    public override void Write(Utf8JsonWriter writer, EfrapCode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EfrapException.Format(value));
}
