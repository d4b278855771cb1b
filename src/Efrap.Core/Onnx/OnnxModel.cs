using System.Text;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>
/// A model in memory: every tensor's values lie in the message itself, wherever the file kept them.
/// Obtained from <see cref="OnnxModelReader.Read"/>, which has checked sizes and references.
/// </summary>
/// <param name="Proto">The model message. Owned by the receiver, who may change it.</param>
/// <param name="Path">The file it was read from, as the user named it.</param>
public sealed record OnnxModel(ModelProto Proto, string Path)
{
    /// <summary>SHA-256 of the file as it was read, lower-case hexadecimal; empty where the model was made in memory.</summary>
    public string Sha256 { get; init; } = string.Empty;

    /// <summary>The files of its external data as they were read, each with its path below the model's folder; by path.</summary>
    public IReadOnlyList<FileDigest> ExternalFiles { get; init; } = [];

    /// <summary>What waivers know the model by: <see cref="Sha256"/> or, since weights may lie in other files, with external data SHA-256
    /// of a text with that and a line <c>digest name</c> for each of them.</summary>
    public string Identity => ExternalFiles.Count == 0
        ? Sha256
        : Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', ExternalFiles.Select(f => $"{f.Sha256} {f.Name}").Prepend(Sha256))));

    /// <summary>The version of ONNX's own operator set that the model is written in; 1 when it imports none.</summary>
    public long Opset => OpsetOf(string.Empty) ?? 1;

    /// <summary>The version of an operator set that the model imports.</summary>
    /// <param name="domain">The domain; empty or <c>ai.onnx</c> for ONNX's own.</param>
    /// <returns>The version, or null when the model does not import the domain.</returns>
    public long? OpsetOf(string domain) =>
        Proto.OpsetImport.FirstOrDefault(o => Normalize(o.Domain) == Normalize(domain))?.Version;

    private static string Normalize(string domain) => domain == "ai.onnx" ? string.Empty : domain;
}
