using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Efrap.Core.Evidence.Sarif;

/// <summary>The log as JSON: UTF-8, indented by two spaces, lines ended by a line feed on every system.</summary>
internal static class SarifJson
{
    private static readonly SarifJsonContext _context = new(new JsonSerializerOptions(SarifJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes a log to a stream.</summary>
    internal static void Write(SarifLog log, Stream stream)
    {
        JsonSerializer.Serialize(stream, log, _context.SarifLog);
        stream.WriteByte((byte)'\n');
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SarifLog))]
internal sealed partial class SarifJsonContext : JsonSerializerContext;
