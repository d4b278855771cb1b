using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Evidence;
using Efrap.Core.Verification;

namespace Efrap.Cli.Worker;

/// <summary>Says which rounding quantized models came with. What is hardened gets another; what is not ships with it.</summary>
/// <param name="host">The engine.</param>
/// <param name="settings">The request's settings.</param>
/// <param name="lines">Where answers go.</param>
internal sealed class WorkerRounding(Host host, WorkerSettings settings, WorkerLines lines)
{
    /// <summary>Verifies a model that has a source, and says what was found.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="EfrapException">It could not be verified.</exception>
    public void Tell(WorkerModel model, CancellationToken cancellationToken)
    {
        if (model.Source is null)
            return;
        var report = host.Verify(settings.Verify(model), null, cancellationToken);
        var found = $"its rounding is {Count(report)}";
        lines.Write(WorkerSettings.IsHardened(model) || report.Accepted
            ? new MessageAnswer("info", null, found + (WorkerSettings.IsHardened(model) ? "; hardening replaces it" : string.Empty), model.Model, model.Id)
            : new MessageAnswer(
                "warning",
                EfrapException.Format(EfrapCode.RoundingNotAccepted),
                $"{found}, and it ships as it is: harden it (Action=\"Harden\" and Calibration), or let the policy allow that rounding (verify.allow)",
                model.Model,
                model.Id));
    }

    private static string Count(VerifyReport report)
    {
        var kinds = report.Tensors.Select(t => t.Rounding).Concat(report.Unverified.Select(_ => RoundingKind.Unknown)).ToList();
        return kinds.Count == 0 ? VerifySummary.Spell(RoundingKind.Unknown) : string.Join(
            ", ",
            kinds.CountBy(kind => kind).OrderByDescending(pair => pair.Key).Select(pair => $"{VerifySummary.Spell(pair.Key)} in {pair.Value} of {kinds.Count} weights"));
    }
}
