using System.Text.Json.Serialization;

namespace Efrap.Cli.Worker;

/// <summary>An answer of the worker; <c>type</c> tells the kinds apart.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ProgressAnswer), "progress")]
[JsonDerivedType(typeof(MessageAnswer), "message")]
[JsonDerivedType(typeof(AuditedAnswer), "audited")]
[JsonDerivedType(typeof(ResultAnswer), "result")]
internal abstract record WorkerAnswer;

/// <summary>How far the work on a model has come.</summary>
/// <param name="Id">The model.</param>
/// <param name="Step">What is being done.</param>
/// <param name="Layer">The layer just finished, or null.</param>
/// <param name="Done">The number of layers finished.</param>
/// <param name="Count">The number of layers in all; 0 while not yet known.</param>
internal sealed record ProgressAnswer(string Id, string Step, string? Layer, int Done, int Count) : WorkerAnswer;

/// <summary>One line for the user.</summary>
/// <param name="Severity"><c>error</c>, <c>warning</c>, <c>notice</c> (shown in every build) or <c>info</c>.</param>
/// <param name="Code"><c>EFRAP</c> and four digits, or null for a <c>notice</c> or an <c>info</c>.</param>
/// <param name="Text">The line.</param>
/// <param name="File">The file concerned, or null.</param>
/// <param name="Id">The model concerned, or null for the request as such.</param>
/// <param name="Line">The line of the file, from 1, or null.</param>
internal sealed record MessageAnswer(string Severity, string? Code, string Text, string? File, string? Id, int? Line = null) : WorkerAnswer;

/// <summary>A model was audited.</summary>
/// <param name="Id">The model.</param>
/// <param name="Verdict"><c>pass</c>, <c>warn</c>, <c>fail</c> or <c>not-measured</c>.</param>
/// <param name="Page">The page that shows what was found, or null where none was written.</param>
internal sealed record AuditedAnswer(string Id, string Verdict, string? Page = null) : WorkerAnswer;

/// <summary>A hardened model was written.</summary>
/// <param name="Id">The model.</param>
/// <param name="Output">The hardened model's path, as in the request.</param>
/// <param name="Sha256">The SHA-256 of the hardened file, lower-case hexadecimal.</param>
/// <param name="Layers">The number of layers quantized.</param>
/// <param name="Skipped">The number of nodes with weights that stayed float.</param>
internal sealed record ResultAnswer(string Id, string Output, string Sha256, int Layers, int Skipped) : WorkerAnswer;
