using System.Globalization;
using System.Text;
using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Cli.Worker;

/// <summary>Audits the models of a request and says what was found.</summary>
/// <param name="host">The engine.</param>
/// <param name="settings">The request's settings.</param>
/// <param name="lines">Where answers go.</param>
internal sealed class WorkerGate(Host host, WorkerSettings settings, WorkerLines lines)
{
    /// <summary>Audits a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The audit; null where it failed and the build may not go on with the model.</returns>
    /// <exception cref="EfrapException">The model could not be audited.</exception>
    public AuditReport? Pass(WorkerModel model, CancellationToken cancellationToken)
    {
        var options = settings.Audit(model);
        var report = host.Audit(options, new ProgressAnswers(model.Id, lines), cancellationToken);
        foreach (var finding in Worthwhile(model, report))
            Tell(model, finding);
        lines.Write(new AuditedAnswer(model.Id, WorkerRecord.Spell(report.Verdict), options.Evidence.HtmlPath));
        if (report.Verdict == Verdict.Fail && !settings.IsReportOnly)
            return null;
        WriteDeadline(model, report, cancellationToken);
        if (!WorkerSettings.IsHardened(model))
            Stamp(model, WorkerRecord.Of(report), cancellationToken);
        return report;
    }

    /// <summary>Says that a model that the build ships was not listed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Why it could not be audited, or null.</param>
    /// <param name="cancellationToken">Cancels before the last file is written.</param>
    public void TellUnlisted(WorkerModel model, EfrapException? problem, CancellationToken cancellationToken)
    {
        if (problem is not null)
        {
            lines.Write(new AuditedAnswer(model.Id, WorkerRecord.Spell(Verdict.NotMeasured)));
            if (WorkerRecord.OfUnaudited(model.Model, cancellationToken) is { } record)
                Stamp(model, record, cancellationToken);
        }

        var outcome = problem is null
            ? "only its weights were looked at"
            : $"it could not be looked at ({problem.CodeText}: {problem.Message.TrimEnd('.')})";
        lines.Write(new MessageAnswer(
            "warning",
            EfrapException.Format(EfrapCode.ModelNotListed),
            $"the build ships this model as it is, and {outcome}: add <EfrapModel Include=\"{model.Id}\" Calibration=\"samples.npz\" /> "
            + "to harden it, or Action=\"Audit\" to measure it, or Action=\"Skip\" to leave it alone",
            model.Model,
            model.Id));
    }

    // That there is no calibration data goes without saying for a model that nobody listed: one warning asks for both.
    private static IEnumerable<Finding> Worthwhile(WorkerModel model, AuditReport report) => report.Findings.Where(f =>
        model.IsListed != false || f is not { Code: EfrapCode.NotMeasured, Consequence: Consequence.Warn, Indicator: null });

    private void Tell(WorkerModel model, Finding finding)
    {
        var isError = finding.Consequence == Consequence.Fail && !settings.IsReportOnly;
        lines.Write(new MessageAnswer(
            isError ? "error" : "warning", EfrapException.Format(finding.Code), Printable.Text(finding.Text), model.Model, model.Id));
    }

    // An up-to-date build starts no worker, and a waiver may expire meanwhile: the build compares this day with its own.
    private static void WriteDeadline(WorkerModel model, AuditReport report, CancellationToken cancellationToken)
    {
        if (WorkerRecord.WaivedUntilOf(report) is { } day)
            Write(model.Output + ".until", day.ToString("yyyyMMdd", CultureInfo.InvariantCulture), cancellationToken);
    }

    // What an up-to-date build finds in place of a hardened model.
    private static void Stamp(WorkerModel model, WorkerRecord record, CancellationToken cancellationToken)
    {
        Write(model.Output, record.Verdict, cancellationToken);
        record.WriteBeside(model.Output, cancellationToken);
    }

    private static void Write(string path, string text, CancellationToken cancellationToken) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.ASCII.GetBytes(text + "\n")), cancellationToken);

    private sealed class ProgressAnswers(string id, WorkerLines lines) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => lines.Write(
            new ProgressAnswer(id, value.Lattice is null ? value.Step : $"audit, {value.Step} on {value.Lattice}", null, (int)(100 * value.Done), 100));
    }
}
