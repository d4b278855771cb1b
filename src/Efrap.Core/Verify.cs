using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Rounding.Rerounding;

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
        var model = Quantized(OnnxModelReader.Read(options.ModelPath, cancellationToken));
        var weights = QuantizedWeightReader.Read(new ModelGraph(model));
        var run = new VerifyRun(model, options);
        if (options.SourcePath is null)
            run.DescribeFile(weights);
        else
            Compare(run, model, options, progress, cancellationToken);

        var report = run.Report();
        if (options.ReportPath is { } path)
            AtomicFile.WriteAll([(path, stream => ReportJson.Write(report, stream))], cancellationToken);
        return report;
    }

    private static void Compare(
        VerifyRun run, OnnxModel model, VerifyOptions options, IProgress<VerifyProgress>? progress, CancellationToken cancellationToken)
    {
        var source = SourceModel.Match(OnnxModelReader.Read(options.SourcePath!, cancellationToken), model);
        run.Source = source;
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
            source.Graph, observed, run.Samples, new ReroundingSettings(Solver.Budget, options.Budget, threads));
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
}
