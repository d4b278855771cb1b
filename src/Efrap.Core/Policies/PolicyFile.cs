using System.Text.Json;

namespace Efrap.Core.Policies;

/// <summary>A policy file, <c>efrap.policy.json</c>, and what it says.</summary>
/// <param name="Name">Its name, without its folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Policy">What it says.</param>
public sealed record PolicyFile(string Name, string Sha256, AuditPolicy Policy)
{
    /// <summary>The name that a policy is found by.</summary>
    public const string DefaultName = "efrap.policy.json";

    // A policy of a thousand waivers has a hundredth of it.
    private const int LargestBytes = 16 << 20;

    /// <summary>Looks for a policy in a folder and the folders above it; the nearest counts.</summary>
    /// <param name="folder">Where the search begins.</param>
    /// <returns>The path, or null where there is none.</returns>
    public static string? Find(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, DefaultName);
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>Reads a policy file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.PolicyInvalid"/> with the line.</exception>
    public static PolicyFile Read(string path)
    {
        var bytes = SmallFile.Read(path, LargestBytes, EfrapCode.PolicyInvalid, "policy");
        try
        {
            var text = JsonRefusal.Text(bytes);
            var policy = JsonSerializer.Deserialize(text, PolicyJson.Default.AuditPolicy)
                ?? throw new JsonException("a policy is an object, not null");
            CheckMembers(policy, text);
            return new PolicyFile(Path.GetFileName(path), Digest.Of(bytes), policy);
        }
        catch (JsonException e)
        {
            throw JsonRefusal.Of(e, EfrapCode.PolicyInvalid, "a policy", "setting", path);
        }
    }

    // What the serializer does not check: names of members, and nulls in lists.
    private static void CheckMembers(AuditPolicy policy, ReadOnlySpan<byte> text)
    {
        foreach (var (name, rule) in policy.Indicators)
        {
            if (!IndicatorNames.All.Contains(name))
                throw JsonRefusal.At(text, name, "$.indicators", $"there is no indicator \"{name}\"; there are {string.Join(", ", IndicatorNames.All)}");
            if (rule is null)
                throw JsonRefusal.At(text, name, $"$.indicators.{name}", "null is no value here");
        }

        if (policy.Waivers.Contains(null))
            throw JsonRefusal.At(text, "waivers", "$.waivers", "null is no value here");
    }
}
