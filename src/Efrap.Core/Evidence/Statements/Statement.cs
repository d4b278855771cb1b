using System.Text.Json.Serialization;

namespace Efrap.Core.Evidence.Statements;

/// <summary>An in-toto Statement v1: what is claimed of files that their digests name. It is not signed; what signs it wraps it.</summary>
/// <typeparam name="TPredicate">The claim.</typeparam>
/// <param name="Subject">The files.</param>
/// <param name="PredicateType">The URI that names the kind of claim.</param>
/// <param name="Predicate">The claim.</param>
internal sealed record Statement<TPredicate>(IReadOnlyList<Resource> Subject, string PredicateType, TPredicate Predicate)
{
    /// <summary>The version of the format.</summary>
    [JsonPropertyName("_type"), JsonPropertyOrder(-1)]
    public string Type { get; init; } = Version1;

    /// <summary>Names the version of the format.</summary>
    internal static string Version1 => "https://in-toto.io/Statement/v1";
}

/// <summary>A file, as in-toto describes one.</summary>
/// <param name="Name">Its name, without its folder.</param>
/// <param name="Digest">Its digests.</param>
internal sealed record Resource(string Name, ResourceDigest Digest)
{
    /// <summary>Describes a file.</summary>
    internal static Resource Of(string name, string sha256) => new(name, new ResourceDigest(sha256));
}

/// <summary>The digests of a file.</summary>
/// <param name="Sha256">SHA-256, lower-case hexadecimal.</param>
internal sealed record ResourceDigest(string Sha256);
