using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Rounding.Rerounding;
using Efrap.Core.Verification;

namespace Efrap.Core;

/// <summary>Verifies a quantized model: which rounding its integers come from, weight by weight.</summary>
public static class Verify
{
    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step, or null.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The report, also when no file of it was asked for.</returns>
    /// <exception cref="EfrapException">Bad input or a bad environment.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static VerifyReport Run(
        VerifyOptions options, IProgress<VerifyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        VerifySettings.Check(options);
        progress?.Report(new VerifyProgress("reading", null, 0, 0));
        var attestation = options.AttestationPath is { } path ? Attestation.Read(path) : null;
        if (attestation is not null)
        {
            options = attestation.Complete(options);
            VerifySettings.Check(options);
            attestation.CheckFiles(options, cancellationToken);
        }

        var model = Quantized(OnnxModelReader.Read(options.ModelPath, cancellationToken));
        var run = new VerifyRun(model, options) { Attestation = attestation };
        if (options.SourcePath is null)
            run.DescribeFile(QuantizedWeightReader.Read(new ModelGraph(model)));
        else
            Compare(run, model, options, progress, cancellationToken);

        var report = run.Report();
        if (options.ReportPath is { } reportPath)
            AtomicFile.WriteAll([(reportPath, stream => ReportJson.Write(report, stream))], cancellationToken);
        return report;
    }

    private static void Compare(
        VerifyRun run, OnnxModel model, VerifyOptions options, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        var fullPrecision = OnnxModelReader.Read(options.SourcePath!, cancellationToken);
        run.Attestation?.CheckExternalData(fullPrecision);
        var source = SourceModel.Match(fullPrecision, model);
        run.Source = source;
        if (options.Replay)
            run.Replay = Replay.Run(options, run.Attestation!.Predicate, new ReplayProgress(progress), cancellationToken);
        if (options.Calibration is { } calibration)
            Measure(run, model, source, calibration, options, progress, cancellationToken);
        run.JudgeByWeights(source.Matches);
    }

    private static void Measure(
        VerifyRun run,
        OnnxModel model,
        SourceModel source,
        CalibrationOptions calibration,
        VerifyOptions options,
        IProgress<VerifyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var observed = ObservedModel.Of(model, source.Matches);
        run.Samples = CalibrationSet.Load(calibration, HardenQuantized.Inputs(observed.Graph, source.Graph), cancellationToken);
        progress?.Report(new VerifyProgress("measuring", null, 0, observed.Layers.Count));
        var threads = SettingRanges.ThreadsOf(options.Threads);
        using var sweep = new ReroundingSweep(
            source.Graph, observed, run.Samples, new ReroundingSettings(Solver.Budget, run.Budget, threads));
        var done = 0;
        sweep.Observe(
            (layer, problem, parallel, _) =>
            {
                run.JudgeByData(layer.Match, problem, parallel);
                progress?.Report(new VerifyProgress("layer", layer.Layer.Name, ++done, observed.Layers.Count));
            },
            cancellationToken);
        run.NotMeasured([.. observed.Left, .. sweep.Left], sweep.PoorlySampled, observed.Layers.Count);
    }

    private static OnnxModel Quantized(OnnxModel model) => QuantizedWeights.IsQuantized(new ModelGraph(model)) ? model : throw new EfrapException(
        EfrapCode.NothingToQuantize, "this model is not quantized: there is no rounding in it to verify.", model.Path);

    private sealed class ReplayProgress(IProgress<VerifyProgress>? progress) : IProgress<HardenProgress>
    {
        public void Report(HardenProgress value)
        {
            // Its own steps between the layers are not those of verifying.
            if (value.Layer is not null || value.Step == "reading")
                progress?.Report(new VerifyProgress("replaying", value.Layer, value.LayersDone, value.LayerCount));
        }
    }
}
