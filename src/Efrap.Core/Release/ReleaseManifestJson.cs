using System.Text.Json;
using System.Text.Json.Serialization;
using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Policies;

namespace Efrap.Core.Release;

/// <summary>The manifest's JSON. A program writes it, so that nothing but what is known is in it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ReleaseManifest))]
internal sealed partial class ReleaseManifestJson : JsonSerializerContext;

internal sealed class ManifestActionJson() : ChoiceJson<ManifestAction>(JsonNamingPolicy.KebabCaseLower);

internal sealed class ManifestRoundingJson() : ChoiceJson<ManifestRounding>(JsonNamingPolicy.KebabCaseLower);

internal sealed class ManifestVerdictJson() : ChoiceJson<Verdict>(JsonNamingPolicy.KebabCaseLower);

internal sealed class DigestJson() : TextJson<string>("a SHA-256 is expected, 64 lower-case hexadecimal digits")
{
    protected override bool TryParse(string text, out string value) =>
        (value = text).Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

internal sealed class RelativePathJson : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("a relative path is expected");
        if (!ExternalPath.TryResolve(text, out var path, out var fault))
            throw new JsonException($"'{DisplayName.Of(text)}' {fault}");
        return path == text ? path : throw new JsonException($"'{DisplayName.Of(text)}' is not the shortest form of its path, '{DisplayName.Of(path)}'");
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
