using System.Text.Json;
using System.Text.Json.Serialization;

namespace Efrap.Core.Policies;

/// <summary>The policy's JSON: a setting that is misspelt, given twice or null is refused, not ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = false)]
[JsonSerializable(typeof(AuditPolicy))]
internal sealed partial class PolicyJson : JsonSerializerContext
{
    /// <summary>Text that is the same for equal policies: no white space, indicators by name.</summary>
    /// <param name="policy">The policy.</param>
    internal static byte[] Canonical(AuditPolicy policy)
    {
        var rules = new SortedDictionary<string, IndicatorRule>(policy.Indicators.ToDictionary(), StringComparer.Ordinal);
        return JsonSerializer.SerializeToUtf8Bytes(policy with { Indicators = rules }, Default.AuditPolicy);
    }
}
