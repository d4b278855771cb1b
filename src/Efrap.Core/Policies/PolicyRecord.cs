using System.Text.Json.Serialization;

namespace Efrap.Core.Policies;

/// <summary>The policy that an audit went by, as its report records it.</summary>
/// <param name="Sha256">SHA-256 of the effective policy's canonical JSON, lower-case hexadecimal: what the file says and what settings
/// override of it.</param>
/// <param name="Effective">The effective policy: nothing is left to a profile.</param>
public sealed record PolicyRecord(string Sha256, AuditPolicy Effective)
{
    /// <summary>The file name of the policy, without its folder; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>SHA-256 of the policy's file; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FileSha256 { get; init; }

    /// <summary>The record of a policy.</summary>
    /// <param name="policy">The policy, after what settings override of it.</param>
    /// <param name="file">The file that it comes from, or null.</param>
    internal static PolicyRecord Of(AuditPolicy policy, PolicyFile? file)
    {
        var effective = policy.Effective();
        return new PolicyRecord(Digest.Of(PolicyJson.Canonical(effective)), effective) { File = file?.Name, FileSha256 = file?.Sha256 };
    }
}
