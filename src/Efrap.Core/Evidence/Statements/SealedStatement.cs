using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Efrap.Core.Evidence.Statements;

/// <summary>
/// An attestation's file. Digests in it name the files that it speaks of; what else it says, such as the budget, nothing else would
/// vouch for where nobody signs, so the file carries its own digest: every altered byte shows.
/// </summary>
internal static class SealedStatement
{
    /// <summary>What stands in place of the seal while it is computed.</summary>
    internal const string Unsealed = "0000000000000000000000000000000000000000000000000000000000000000";

    // In a string of JSON a quotation mark is escaped: these bytes are the member and nothing else.
    private static ReadOnlySpan<byte> Member => "\"seal\": \""u8;

    /// <summary>Writes a statement with its seal.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="stream">The stream.</param>
    internal static void Write(Statement<HardeningPredicate> statement, Stream stream)
    {
        using var buffer = new MemoryStream();
        ReportJson.Write(statement, buffer);
        var bytes = buffer.ToArray();
        Encoding.ASCII.GetBytes(Digest.Of(bytes)).CopyTo(SealOf(bytes));
        stream.Write(bytes);
    }

    /// <summary>Reads a statement.</summary>
    /// <param name="bytes">The file.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="JsonException">It is not such a statement, or it was altered.</exception>
    internal static Statement<HardeningPredicate> Read(byte[] bytes)
    {
        var statement = JsonSerializer.Deserialize(bytes, StatementJson.Default.StatementHardeningPredicate)
            ?? throw new JsonException("it is null");
        if (statement.Type != Statement<HardeningPredicate>.Version1 || statement.PredicateType != HardeningPredicate.PredicateType)
            throw new JsonException($"it is of another type: {statement.Type}, {statement.PredicateType}");
        CheckLists(statement);
        CheckSeal(bytes, statement.Predicate.Seal);
        return statement;
    }

    private static void CheckSeal(byte[] bytes, string seal)
    {
        var unsealed = bytes.ToArray();
        var place = SealOf(unsealed);
        if (place.Length != Unsealed.Length)
            throw new JsonException("it has no seal");
        place.Fill((byte)'0');
        if (Digest.Of(unsealed) != seal)
            throw new JsonException("it was altered after it was written: its seal does not fit");
    }

    private static Span<byte> SealOf(byte[] bytes)
    {
        var at = bytes.AsSpan().LastIndexOf(Member);
        var place = bytes.AsSpan(at < 0 ? bytes.Length : at + Member.Length);
        return place[..Math.Min(place.Length, Unsealed.Length)];
    }

    // The serializer checks members for null, but not what lists hold.
    private static void CheckLists(Statement<HardeningPredicate> statement)
    {
        var predicate = statement.Predicate;
        if (statement.Subject.Count != 1 || statement.Subject.Contains(null))
            throw new JsonException("its subject is not one model");
        if (predicate.Layers.Contains(null) || predicate.Skipped.Contains(null)
            || predicate.Model.ExternalData.Contains(null) || (predicate.Source?.ExternalData.Contains(null) ?? false)
            || (predicate.Settings.SolverSettings?.Contains(null) ?? false))
        {
            throw new JsonException("null stands in one of its lists");
        }
    }
}

/// <summary>Reads what <see cref="ReportJson"/> writes of attestations, and refuses anything else.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Statement<HardeningPredicate>))]
internal sealed partial class StatementJson : JsonSerializerContext;
