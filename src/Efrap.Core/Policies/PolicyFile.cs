using System.Text;
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
        var bytes = Bytes(path);
        try
        {
            var text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
            var policy = JsonSerializer.Deserialize(text, PolicyJson.Default.AuditPolicy)
                ?? throw new JsonException("a policy is an object, not null");
            CheckMembers(policy, text);
            return new PolicyFile(Path.GetFileName(path), Digest.Of(bytes), policy);
        }
        catch (JsonException e)
        {
            throw Wrong(path, e);
        }
    }

    // What the serializer does not check: names of members, and nulls in lists.
    private static void CheckMembers(AuditPolicy policy, ReadOnlySpan<byte> text)
    {
        foreach (var (name, rule) in policy.Indicators)
        {
            if (!IndicatorNames.All.Contains(name))
                throw At(text, name, "$.indicators", $"there is no indicator \"{name}\"; there are {string.Join(", ", IndicatorNames.All)}");
            if (rule is null)
                throw At(text, name, $"$.indicators.{name}", "null is no value here");
        }

        if (policy.Waivers.Contains(null))
            throw At(text, "waivers", "$.waivers", "null is no value here");
    }

    private static JsonException At(ReadOnlySpan<byte> text, string property, string path, string message)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(property))
                break;
        }

        return new JsonException(message, path, text[..(int)reader.TokenStartIndex].Count((byte)'\n'), null);
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            if (stream.Length > LargestBytes)
                throw new EfrapException(EfrapCode.PolicyInvalid, $"the policy has {stream.Length} bytes; more than {LargestBytes} are refused.", path);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EfrapException(EfrapCode.PolicyInvalid, $"the policy cannot be read: {e.Message}.", path, e);
        }
    }

    // The serializer's own sentences speak of .NET types; where it says that a member is unknown, or twice there, the name is
    // what its reader needs.
    private static EfrapException Wrong(string path, JsonException e)
    {
        var where = e.Path is null or "$" ? string.Empty : $" at {e.Path}";
        var what = e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "there is no such setting"
            : e.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "the value is of the wrong kind"
            : e.Message.Contains("allow null values", StringComparison.Ordinal) ? "null is no value here"
            : e.Message.StartsWith("Duplicate propert", StringComparison.Ordinal) ? "it is there twice"
            : e.Message.Contains("missing required properties", StringComparison.Ordinal) ? Missing(e.Message)
            : e.Message.Split(". ")[0].Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.');
        return new EfrapException(EfrapCode.PolicyInvalid, $"this is not a policy{where}: {what}.", path, e)
        {
            Line = (int)(e.LineNumber ?? 0) + 1,
        };
    }

    private static string Missing(string message) => $"{message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.')} is missing";
}
