using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Worker;

/// <summary>Works a request off, model by model: each is audited, and hardened where that is asked for and the audit lets it.</summary>
/// <param name="host">The engine and the streams.</param>
/// <param name="lines">Where answers go.</param>
internal sealed class WorkerRun(Host host, WorkerLines lines)
{
    // What the process ends with is the first of these that a model ended in.
    private static readonly int[] _worstFirst = [ExitCode.Error, ExitCode.Failed, ExitCode.NothingToDo];

    /// <summary>Reads the request and works it off.</summary>
    /// <param name="requestPath">The request file.</param>
    /// <param name="cancellationToken">Cancels at the next batch of samples.</param>
    /// <returns>The process's exit code.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the model in hand was not written.</exception>
    public int Run(string requestPath, CancellationToken cancellationToken)
    {
        WorkerRequest request;
        WorkerSettings settings;
        try
        {
            request = WorkerRequestReader.Read(requestPath);
            settings = new WorkerSettings(request, host);
        }
        catch (EfrapException e)
        {
            lines.Error(e, id: null);
            return ExitCode.Error;
        }

        var codes = request.Models.Select(model => model.IsListed == false
            ? AuditUnlisted(model, settings, cancellationToken)
            : Work(model, settings, cancellationToken)).ToHashSet();
        return _worstFirst.FirstOrDefault(codes.Contains, ExitCode.Clean);
    }

    private int Work(WorkerModel model, WorkerSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            model = new ImpliedSource(host, lines).Decide(model, cancellationToken);
            // What is wrong with the settings is said before an audit that takes a minute.
            var harden = WorkerSettings.IsHardened(model) ? settings.Harden(model) : null;
            if (new WorkerGate(host, settings, lines).Pass(model, cancellationToken) is not { } audit)
                return ExitCode.Failed;
            new WorkerRounding(host, settings, lines).Tell(model, cancellationToken);
            if (harden is not null)
                Harden(model, harden, audit, cancellationToken);
            return ExitCode.Clean;
        }
        catch (Exception e)
        {
            var problem = Known(e, model);
            lines.Error(problem, model.Id);
            return problem.Code == EfrapCode.NothingToQuantize ? ExitCode.NothingToDo : ExitCode.Error;
        }
    }

    // Nobody asked for anything to be done with it: what cannot be looked at is said, and shipped as it would be without us.
    private int AuditUnlisted(WorkerModel model, WorkerSettings settings, CancellationToken cancellationToken)
    {
        var gate = new WorkerGate(host, settings, lines);
        try
        {
            model = new ImpliedSource(host, lines).Decide(model, cancellationToken);
            var audit = gate.Pass(model, cancellationToken);
            if (audit is not null)
                new WorkerRounding(host, settings, lines).Tell(model, cancellationToken);
            gate.TellUnlisted(model, problem: null, cancellationToken);
            return audit is null ? ExitCode.Failed : ExitCode.Clean;
        }
        catch (Exception e)
        {
            gate.TellUnlisted(model, Known(e, model), cancellationToken);
            return ExitCode.Clean;
        }
    }

    private void Harden(WorkerModel model, HardenOptions options, AuditReport audit, CancellationToken cancellationToken)
    {
        var report = host.Harden(options, new ProgressAnswers(model.Id, lines), cancellationToken);
        WorkerRecord.Of(audit, report, options.AttestationPath).WriteBeside(model.Output, cancellationToken);
        Tell(model, report);
    }

    private EfrapException Known(Exception e, WorkerModel model)
    {
        var problem = Problem.Of(e);
        if (problem.Code == EfrapCode.Cancelled)
        {
            lines.Error(problem, model.Id);
            throw new OperationCanceledException(problem.Message, e);
        }

        if (problem.Code == EfrapCode.Defect && host.Debug)
            host.Error.WriteLine(e);
        return ImpliedSource.Explain(problem, model);
    }

    private void Tell(WorkerModel model, HardenReport report)
    {
        foreach (var note in report.Notes)
            lines.Write(new MessageAnswer("info", null, Printable.Text(note), model.Model, model.Id));
        if (BudgetNote.Of(report) is { } missed)
            lines.Write(new MessageAnswer("info", EfrapException.Format(EfrapCode.BudgetMissed), Printable.Text(missed), model.Model, model.Id));
        lines.Write(new ResultAnswer(model.Id, model.Output, report.OutputSha256, report.Layers.Count, report.Skipped.Count));
    }

    private sealed class ProgressAnswers(string id, WorkerLines lines) : IProgress<HardenProgress>
    {
        public void Report(HardenProgress value) =>
            lines.Write(new ProgressAnswer(id, value.Step, value.Layer, value.LayersDone, value.LayerCount));
    }
}
