using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Efrap.Core;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Onnx;

namespace Efrap.Cli.Worker;

/// <summary>
/// What became of one model, as the build's manifest says it; the file <c>&lt;output&gt;.record</c> of <c>docs/worker-protocol.md</c>. It is
/// the last thing written: an output without it is that of an interrupted run.
/// </summary>
internal sealed record WorkerRecord
{
    /// <summary><c>harden</c> or <c>audit</c>.</summary>
    public required string Action { get; init; }

    /// <summary>SHA-256 of the file that ships, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The files of external data that ship with it; null for none.</summary>
    public IReadOnlyList<FileDigest>? ExternalData { get; init; }

    /// <summary>The audit's verdict: <c>pass</c>, <c>warn</c>, <c>fail</c> or <c>not-measured</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The last day, <c>yyyy-MM-dd</c>, of the waiver that ends first of those that let the model pass; null without one.</summary>
    public string? WaivedUntil { get; init; }

    /// <summary>How the model was rounded: <c>efrap</c>, <c>nearest</c>, <c>paper</c> or <c>paper-gram</c>; null where it was only audited.</summary>
    public string? Rounding { get; init; }

    /// <summary>SHA-256 of the file that was hardened; null where it was only audited.</summary>
    public string? OriginalSha256 { get; init; }

    /// <summary>The statement on how the model was hardened, by the name of its file; null where none was written.</summary>
    public FileDigest? Attestation { get; init; }

    /// <summary>The record of a model that ships as it is.</summary>
    /// <param name="audit">What its audit found.</param>
    public static WorkerRecord Of(AuditReport audit) => new()
    {
        Action = "audit",
        Sha256 = audit.ModelSha256,
        ExternalData = audit.ExternalData.Count == 0 ? null : audit.ExternalData,
        Verdict = Spell(audit.Verdict),
        WaivedUntil = WaivedUntilOf(audit)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    /// <summary>The record of a hardened model, which holds all of its values itself.</summary>
    /// <param name="audit">What the audit of the original found.</param>
    /// <param name="hardened">What was done to it.</param>
    /// <param name="attestation">The statement on that, or null where none was written.</param>
    public static WorkerRecord Of(AuditReport audit, HardenReport hardened, string? attestation) => Of(audit) with
    {
        Action = "harden",
        Sha256 = hardened.OutputSha256,
        ExternalData = null,
        Rounding = hardened.Solver == "budget" ? "efrap" : hardened.Solver,
        OriginalSha256 = hardened.ModelSha256,
        Attestation = attestation is null ? null : new(Path.GetFileName(attestation), HashOf(attestation)),
    };

    /// <summary>The record of a model that ships as it is and could not be audited; null where its file cannot be opened, and the build
    /// cannot ship it either.</summary>
    /// <param name="path">The model.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    public static WorkerRecord? OfUnaudited(string path, CancellationToken cancellationToken)
    {
        var record = new WorkerRecord { Action = "audit", Sha256 = "", Verdict = Spell(Core.Indicators.Verdict.NotMeasured) };
        try
        {
            var model = OnnxModelReader.Read(path, cancellationToken);
            return record with { Sha256 = model.Sha256, ExternalData = model.ExternalFiles.Count == 0 ? null : model.ExternalFiles };
        }
        catch (EfrapException e) when (e.Code == EfrapCode.ModelNotFound)
        {
            return null;
        }
        catch (EfrapException)
        {
            // What is no model, or a damaged one, has nothing but its own bytes.
            return record with { Sha256 = HashOf(path) };
        }
    }

    /// <summary>The last day of the waiver that ends first of those that let the model pass; null without one.</summary>
    /// <param name="audit">What the model's audit found.</param>
    public static DateOnly? WaivedUntilOf(AuditReport audit)
    {
        var days = audit.Findings.Where(f => f.Waiver is { IsExpired: false }).Select(f => f.Waiver!.Expires).ToList();
        return days.Count == 0 ? null : days.Min();
    }

    /// <summary>The spelling of a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Spell(Verdict verdict) => JsonNamingPolicy.KebabCaseLower.ConvertName(verdict.ToString());

    /// <summary>Writes the record beside an output, completely or not at all.</summary>
    /// <param name="output">The output's path.</param>
    /// <param name="cancellationToken">Observed until just before the file takes its name.</param>
    /// <exception cref="EfrapException">The file cannot be written.</exception>
    public void WriteBeside(string output, CancellationToken cancellationToken) => AtomicFile.Write(
        output + ".record",
        stream =>
        {
            JsonSerializer.Serialize(stream, this, WorkerJson.Default.WorkerRecord);
            stream.WriteByte((byte)'\n');
        },
        cancellationToken);

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
