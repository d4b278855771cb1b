using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core;

/// <summary>Audits a model: measures the signs of a quantization-conditioned backdoor on every common lattice, and in the integers of a
/// quantized one.</summary>
public static class Audit
{
    // In values: 32 colour images of 100 by 100 pixels.
    private const double LargestBatch = 1e6;

    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step, from any thread, or null.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The report, also when no file of it was asked for.</returns>
    /// <exception cref="EfrapException">Bad input or a bad environment.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static AuditReport Run(
        AuditOptions options, IProgress<AuditProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        AuditSettings.Check(options);
        progress?.Report(new AuditProgress("reading", null, 0));
        var model = OnnxModelReader.Read(options.ModelPath, cancellationToken);
        using var subject = Subject(model, options, cancellationToken);

        var run = new AuditRun(subject, options, progress, cancellationToken);
        foreach (var lattice in options.Lattices)
            run.MeasureCheap(lattice);
        foreach (var lattice in run.SuspiciousFirst())
            run.MeasureDear(lattice);

        var report = Report(options, model, subject, run.Results) with { Timings = run.Timings };
        EvidenceFiles.Write(report, options.Evidence, options.ModelPath, cancellationToken);
        return report;
    }

    private static AuditSubject Subject(OnnxModel model, AuditOptions options, CancellationToken cancellationToken)
    {
        var source = options.SourcePath is { } path ? Source(model, path, cancellationToken) : null;
        var graph = source?.Graph ?? FullPrecision(model);
        var layers = source?.Layers ?? LayerPlanner.Plan(graph).Layers;
        if (layers.Count == 0)
            throw new EfrapException(EfrapCode.NothingToQuantize, "no quantizer would round any weight of this model.", options.ModelPath);
        var samples = options.Calibration is { } calibration ? Load(calibration, ModelInputs.Of(graph), cancellationToken) : null;
        var threads = SettingRanges.ThreadsOf(options.Threads);
        return new AuditSubject(graph, layers, samples)
        {
            Matches = source?.Matches,
            Effort = new AuditEffort(options.Placebos, options.Seed, threads, options.ProbeTime),
        };
    }

    private static ModelGraph FullPrecision(OnnxModel model)
    {
        var graph = new ModelGraph(BatchNormalizationFolding.Fold(ConstantWeights.Evaluate(model)));
        return !QuantizedWeights.IsQuantized(graph) ? graph : throw new EfrapException(
            EfrapCode.NothingToQuantize,
            "this model is quantized already: what its rounding changed cannot be seen without its full-precision original; "
            + "give that beside it as the source (--source), or audit that alone.",
            model.Path);
    }

    private static SourceModel Source(OnnxModel model, string path, CancellationToken cancellationToken)
    {
        if (!QuantizedWeights.IsQuantized(new ModelGraph(model)))
        {
            throw new EfrapException(
                EfrapCode.InvalidSetting, "a source was given, but this model is not quantized; audit it without a source.", model.Path);
        }

        return SourceModel.Match(OnnxModelReader.Read(path, cancellationToken), model);
    }

    // Several forms of the model run at once, each on a batch: of large samples few at a time.
    private static CalibrationSet Load(CalibrationOptions options, IReadOnlyList<ModelInput> inputs, CancellationToken cancellationToken)
    {
        var values = inputs.Sum(i => (i.Shape ?? []).Skip(1).Aggregate(1.0, (product, d) => product * (d ?? 1)));
        return CalibrationSet.Load(
            options, inputs, (int)Math.Clamp(LargestBatch / values, 1, CalibrationSet.DefaultBatchSize), cancellationToken);
    }

    private static AuditReport Report(
        AuditOptions options, OnnxModel model, AuditSubject subject, IReadOnlyList<IndicatorResult> measured)
    {
        var policy = PolicyRecord.Of(options.Policy, options.PolicyFile);
        var verdict = new PolicyVerdict(policy.Effective, model.Identity, DateOnly.FromDateTime(options.Time.GetUtcNow().UtcDateTime));
        var results = verdict.Judge(measured);
        var integers = subject.Matches is { } matches ? AuditedIntegers.Of(matches) : null;
        var findings = new Findings(policy.Effective, verdict) { Integers = integers }.Of(results, options.Indicators, subject.Samples is not null);
        return new()
        {
            EngineVersion = EngineVersion.Text,
            Model = Path.GetFileName(options.ModelPath),
            ModelSha256 = model.Sha256,
            ModelIdentity = model.Identity,
            ExternalData = model.ExternalFiles,
            Source = Path.GetFileName(options.SourcePath),
            SourceSha256 = integers is null ? null : subject.Graph.Model.Sha256,
            SourceExternalData = integers is null ? null : subject.Graph.Model.ExternalFiles,
            Calibration = options.Calibration?.Name,
            CalibrationSha256 = subject.Samples?.Sha256,
            Preprocessing = PreprocessingRecord.Of(options.Calibration),
            Samples = subject.Samples?.SampleCount ?? 0,
            Placebos = options.Placebos,
            Seed = options.Seed,
            Policy = policy,
            Verdict = CombinedVerdict.Of(results, findings),
            Findings = findings,
            Indicators = results,
            Integers = integers,
            Layers = [.. subject.Layers.Select(l => subject.LayerFigures.Of(l, options.Lattices))],
            Picture = subject.Probes.MostSuspicious(),
            Limits = integers is null ? AuditReport.WhatAnAuditCannotSee : [.. AuditReport.WhatAnAuditCannotSee, AuditReport.WhatIntegersDoNotShow],
        };
    }
}
