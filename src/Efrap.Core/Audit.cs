using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Core;

/// <summary>Audits a model: measures the signs of a quantization-conditioned backdoor on every common lattice.</summary>
public static class Audit
{
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
        ArgumentNullException.ThrowIfNull(options);
        progress?.Report(new AuditProgress("reading", null, 0));
        var model = OnnxModelReader.Read(options.ModelPath, cancellationToken);
        using var subject = Subject(model, options, cancellationToken);

        var results = new List<IndicatorResult>();
        var all = options.Indicators.Count * options.Lattices.Count;
        foreach (var lattice in options.Lattices)
        {
            foreach (var indicator in options.Indicators)
            {
                var done = results.Count;
                var within = progress is null
                    ? null
                    : new StepProgress(step => progress.Report(new AuditProgress(step.Step, lattice.Name, (done + step.Done) / all)));
                results.Add(indicator.Measure(subject, lattice, within, cancellationToken));
            }
        }

        var report = Report(options, subject, results);
        if (options.ReportPath is { } path)
            AtomicFile.Write(path, stream => ReportJson.Write(report, stream), cancellationToken);
        return report;
    }

    private static AuditSubject Subject(OnnxModel model, AuditOptions options, CancellationToken cancellationToken)
    {
        var graph = new ModelGraph(BatchNormalizationFolding.Fold(ConstantWeights.Evaluate(model)));
        if (QuantizedWeights.IsQuantized(graph))
        {
            throw new EfrapException(
                EfrapCode.NothingToQuantize,
                "this model is quantized already: what its rounding changed cannot be seen without its full-precision original; audit that.",
                options.ModelPath);
        }

        var layers = LayerPlanner.Plan(graph).Layers;
        if (layers.Count == 0)
            throw new EfrapException(EfrapCode.NothingToQuantize, "no quantizer would round any weight of this model.", options.ModelPath);
        var samples = options.Calibration is { } calibration
            ? CalibrationSet.Load(calibration, ModelInputs.Of(graph), cancellationToken)
            : null;
        return new AuditSubject(graph, layers, samples);
    }

    private static AuditReport Report(AuditOptions options, AuditSubject subject, List<IndicatorResult> results) => new()
    {
        EngineVersion = EngineVersion.Text,
        Model = Path.GetFileName(options.ModelPath),
        ModelSha256 = Digest.OfFile(options.ModelPath),
        CalibrationSha256 = subject.Samples?.Sha256,
        Samples = subject.Samples?.SampleCount ?? 0,
        Verdict = Combine(results),
        Indicators = results,
        Limits = AuditReport.WhatAnAuditCannotSee,
    };

    // A backdoor on any lattice is a backdoor, whatever is shipped.
    private static Verdict Combine(List<IndicatorResult> results) =>
        results.Any(r => r.Verdict == Verdict.Fail) ? Verdict.Fail
        : results.Any(r => r.Verdict == Verdict.Warn) ? Verdict.Warn
        : results.Any(r => r.Verdict == Verdict.Pass) ? Verdict.Pass
        : Verdict.NotMeasured;

    private sealed class StepProgress(Action<(string Step, double Done)> report) : IProgress<(string Step, double Done)>
    {
        public void Report((string Step, double Done) value) => report(value);
    }
}
