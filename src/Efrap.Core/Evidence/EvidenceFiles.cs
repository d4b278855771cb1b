using Efrap.Core.Evidence.Html;
using Efrap.Core.Evidence.Sarif;
using Efrap.Core.Evidence.Statements;

namespace Efrap.Core.Evidence;

/// <summary>Writes what an audit leaves: all of the files or, if one cannot be written, none.</summary>
internal static class EvidenceFiles
{
    /// <summary>Writes the files that were asked for.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="evidence">Where it goes.</param>
    /// <param name="modelPath">The model, as the user named it.</param>
    /// <param name="cancellationToken">Observed until just before the first file takes its name.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OutputNotWritten"/>.</exception>
    internal static void Write(AuditReport report, AuditEvidence evidence, string modelPath, CancellationToken cancellationToken)
    {
        var files = new List<(string Path, Action<Stream> Write)>();
        if (evidence.ReportPath is { } reportPath)
            files.Add((reportPath, stream => ReportJson.Write(report, stream)));
        if (evidence.SarifPath is { } sarifPath)
            files.Add((sarifPath, stream => SarifJson.Write(SarifLog.Of(report, ModelUri.Of(modelPath, evidence.SarifRoot)), stream)));
        if (evidence.HtmlPath is { } htmlPath)
            files.Add((htmlPath, stream => HtmlPage.Write(report, stream)));
        if (evidence.StatementPath is { } statementPath)
            files.Add((statementPath, stream => ReportJson.Write(AuditPredicate.State(report), stream)));
        if (files.Count > 0)
            AtomicFile.WriteAll(files, cancellationToken);
    }
}
