using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Tests;

/// <summary>Stands in for the engine where a test is about the front: reports given layers and remembers what it was asked.</summary>
internal sealed class FakeEngine
{
    /// <summary>What it was asked, in order.</summary>
    public List<HardenOptions> Calls { get; } = [];

    /// <summary>The report it gives.</summary>
    public HardenReport Report { get; init; } = Reports.TwoLayers;

    /// <summary>The inspection it gives, but for the model's name.</summary>
    public InspectReport Inspection { get; init; } = Reports.Inspection;

    /// <summary>What it was asked to audit, in order.</summary>
    public List<AuditOptions> Audits { get; } = [];

    /// <summary>The audit that it gives.</summary>
    public AuditReport AuditReport { get; init; } = Reports.Audit;

    /// <summary>What an audit throws in place of its report, by model path; null to give the report.</summary>
    public Func<AuditOptions, Exception?> AuditFailure { get; init; } = _ => null;

    /// <summary>What it throws in place of a report, by model path; null to give the report.</summary>
    public Func<HardenOptions, Exception?> Failure { get; init; } = _ => null;

    /// <summary>Called after each word of progress.</summary>
    public Action AfterProgress { get; init; } = () => { };

    /// <summary>The verb <c>inspect</c>, with the same report for every model.</summary>
    public InspectReport Inspect(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Inspection with { Model = Path.GetFileName(path) };
    }

    /// <summary>The verb <c>audit</c>, with the same report for every model.</summary>
    public AuditReport Audit(AuditOptions options, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        Audits.Add(options);
        progress?.Report(new AuditProgress("placebos", "int8-per-channel", 0.5));
        cancellationToken.ThrowIfCancellationRequested();
        return AuditFailure(options) is { } failure ? throw failure : AuditReport;
    }

    /// <summary>What it was asked to verify, in order.</summary>
    public List<VerifyOptions> Verifications { get; } = [];

    /// <summary>The verification that it gives.</summary>
    public VerifyReport VerifyReport { get; set; } = Reports.Verification;

    /// <summary>The verb <c>verify</c>, with the same report for every model.</summary>
    public VerifyReport Verify(VerifyOptions options, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        Verifications.Add(options);
        progress?.Report(new VerifyProgress("reading", null, 0, 0));
        AfterProgress();
        progress?.Report(new VerifyProgress("layer", "conv1", 1, 2));
        AfterProgress();
        cancellationToken.ThrowIfCancellationRequested();
        return VerifyReport;
    }

    /// <summary>The verb <c>harden</c>.</summary>
    public HardenReport Harden(HardenOptions options, IProgress<HardenProgress>? progress, CancellationToken cancellationToken)
    {
        Calls.Add(options);
        var count = Report.Layers.Count;
        Tell(new HardenProgress("reading", null, 0, 0, TimeSpan.Zero));
        if (Failure(options) is { } failure)
            throw failure;
        Tell(new HardenProgress("measuring", null, 0, count, TimeSpan.Zero));
        for (var i = 0; i < count; i++)
            Tell(new HardenProgress("layer", Report.Layers[i].Name, i + 1, count, TimeSpan.FromSeconds(i + 0.25)));
        Tell(new HardenProgress("writing", null, count, count, TimeSpan.Zero));
        return Report;

        void Tell(HardenProgress value)
        {
            progress?.Report(value);
            AfterProgress();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
