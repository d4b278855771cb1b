using Efrap.Cli.Settings;
using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Worker;

/// <summary>Works a request off, model by model.</summary>
/// <param name="host">The engine and the streams.</param>
/// <param name="lines">Where answers go.</param>
internal sealed class WorkerRun(Host host, WorkerLines lines)
{
    /// <summary>Reads the request and hardens its models.</summary>
    /// <param name="requestPath">The request file.</param>
    /// <param name="cancellationToken">Cancels at the next batch of samples.</param>
    /// <returns>The process's exit code.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the model in hand was not written.</exception>
    public int Run(string requestPath, CancellationToken cancellationToken)
    {
        WorkerRequest request;
        try
        {
            request = WorkerRequestReader.Read(requestPath);
        }
        catch (EfrapException e)
        {
            lines.Error(e, id: null);
            return ExitCode.Error;
        }

        var codes = request.Models.Select(model => Harden(model, request.Threads, cancellationToken)).ToList();
        return codes.Contains(ExitCode.Error) ? ExitCode.Error : codes.Contains(ExitCode.NothingToDo) ? ExitCode.NothingToDo : ExitCode.Clean;
    }

    private int Harden(WorkerModel model, int threads, CancellationToken cancellationToken)
    {
        try
        {
            var options = WorkerSettings.Of(model, threads, new SolverChoices(host.Solvers));
            var report = host.Harden(options, new ProgressAnswers(model.Id, lines), cancellationToken);
            Tell(model, report);
            return ExitCode.Clean;
        }
        catch (Exception e)
        {
            var problem = Problem.Of(e);
            lines.Error(problem, model.Id);
            if (problem.Code == EfrapCode.Cancelled)
                throw new OperationCanceledException(problem.Message, e);
            if (problem.Code == EfrapCode.Defect && host.Debug)
                host.Error.WriteLine(e);
            return problem.Code == EfrapCode.NothingToQuantize ? ExitCode.NothingToDo : ExitCode.Error;
        }
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
