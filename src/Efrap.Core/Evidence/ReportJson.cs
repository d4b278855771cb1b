using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Efrap.Core.Evidence.Statements;

namespace Efrap.Core.Evidence;

/// <summary>The report as JSON: UTF-8, indented by two spaces, lines ended by a line feed on every system.</summary>
public static class ReportJson
{
    // Names and reasons are for people, and nothing embeds this file in a web page: "ρ" and ">" stay what they are.
    private static readonly ReportJsonContext Context = new(new JsonSerializerOptions(ReportJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Turns a report into JSON text. Equal reports give equal text.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The text, with a line feed at its end.</returns>
    public static string Serialize(HardenReport report) => Serialize(report, Context.HardenReport);

    /// <summary>Turns a report into JSON text. Equal reports give equal text.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The text, with a line feed at its end.</returns>
    public static string Serialize(InspectReport report) => Serialize(report, Context.InspectReport);

    /// <summary>Writes a report to a stream: UTF-8, indented, a line feed at its end.</summary>
    /// <param name="report">The report.</param>
    /// <param name="stream">The stream.</param>
    public static void Write(AuditReport report, Stream stream) => Write(report, Context.AuditReport, stream);

    /// <summary>Writes a statement to a stream: UTF-8, indented, a line feed at its end.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="stream">The stream.</param>
    internal static void Write(Statement<AuditPredicate> statement, Stream stream) => Write(statement, Context.StatementAuditPredicate, stream);

    /// <summary>Writes a statement to a stream: UTF-8, indented, a line feed at its end; without its seal.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="stream">The stream.</param>
    internal static void Write(Statement<HardeningPredicate> statement, Stream stream) => Write(statement, Context.StatementHardeningPredicate, stream);

    /// <summary>Writes a report to a stream: UTF-8, the same text as <see cref="Serialize(HardenReport)"/>.</summary>
    /// <param name="report">The report.</param>
    /// <param name="stream">The stream.</param>
    public static void Write(HardenReport report, Stream stream) => Write(report, Context.HardenReport, stream);

    /// <summary>Writes a report to a stream: UTF-8, indented, a line feed at its end.</summary>
    /// <param name="report">The report.</param>
    /// <param name="stream">The stream.</param>
    public static void Write(VerifyReport report, Stream stream) => Write(report, Context.VerifyReport, stream);

    /// <summary>Writes a report to a stream: UTF-8, indented, a line feed at its end.</summary>
    /// <param name="report">The report.</param>
    /// <param name="stream">The stream.</param>
    public static void Write(ReleaseReport report, Stream stream) => Write(report, Context.ReleaseReport, stream);

    private static string Serialize<T>(T report, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonSerializer.Serialize(report, type) + "\n";
    }

    private static void Write<T>(T report, JsonTypeInfo<T> type, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stream);
        JsonSerializer.Serialize(stream, report, type);
        stream.WriteByte((byte)'\n');
    }
}

// A ratio may be infinite or not a number where a model's activations are; the evidence says so instead of failing.
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(Statement<AuditPredicate>))]
[JsonSerializable(typeof(Statement<HardeningPredicate>))]
[JsonSerializable(typeof(HardenReport))]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(ReleaseReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
