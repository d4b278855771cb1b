using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Evidence.Statements;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core;

/// <summary>Hardens a model: quantizes it with EFRAP rounding in place of nearest rounding.</summary>
public static class Harden
{
    /// <summary>Runs the verb. The output and the report are written completely or not at all.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step, or null.</param>
    /// <param name="cancellationToken">Cancels at the next batch of samples.</param>
    /// <returns>The report, also when no file of it was asked for.</returns>
    /// <exception cref="EfrapException">Bad input or a bad environment.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static HardenReport Run(
        HardenOptions options, IProgress<HardenProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        HardenSettings.Check(options);
        var hardened = Make(options, progress, cancellationToken);
        Write(options, hardened, cancellationToken);
        return hardened.Report;
    }

    /// <summary>Hardens a model and writes nothing.</summary>
    /// <param name="options">What to do; checked.</param>
    /// <param name="progress">Told of each step, or null.</param>
    /// <param name="cancellationToken">Cancels at the next batch of samples.</param>
    internal static HardenedModel Make(HardenOptions options, IProgress<HardenProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.SourcePath is { } source)
            return HardenQuantized.Make(options, source, progress, cancellationToken);

        progress?.Report(new HardenProgress("reading", null, 0, 0, TimeSpan.Zero));
        var original = OnnxModelReader.Read(options.ModelPath, cancellationToken);
        var graph = new ModelGraph(BatchNormalizationFolding.Fold(ConstantWeights.Evaluate(Supported(original, options.Precision))));
        if (QuantizedWeights.IsQuantized(graph))
            throw AlreadyQuantized(options.ModelPath);
        var plan = LayerPlanner.Plan(graph);
        if (plan.Layers.Count == 0)
            throw NothingToQuantize(plan, options.ModelPath);
        var samples = CalibrationSet.Load(options.Calibration, ModelInputs.Of(graph), cancellationToken);

        progress?.Report(new HardenProgress("measuring", null, 0, plan.Layers.Count, TimeSpan.Zero));
        var layers = new List<LayerReport>();
        var notes = new List<string>(samples.Notes);
        var model = Round(graph, plan, samples, options, layers, notes, progress, cancellationToken);

        progress?.Report(new HardenProgress("writing", null, layers.Count, plan.Layers.Count, TimeSpan.Zero));
        FirstBatch.Run(model, samples, options.OutputPath);
        return new HardenedModel(model, Report(options, original, model, plan, samples, layers, notes));
    }

    // Where activations stay float, nothing but weights changes form, and that works in a model of any age. Of float biases beside
    // rounded inputs ONNX Runtime makes integers, with operators as of operator set 13.
    private static OnnxModel Supported(OnnxModel model, Precision precision) => precision switch
    {
        Precision.Int8 => OpsetUpgrade.Raise(model),
        Precision.W4A4 when model.Opset < 13 => throw new EfrapException(
            EfrapCode.NothingToQuantize,
            $"the paper's setting needs a model of operator set 13 or later; this one has {model.Opset}. Export it with a later one.",
            model.Path),
        _ => model,
    };

    private static ModelProto Round(
        ModelGraph graph,
        LayerPlan plan,
        CalibrationSet samples,
        HardenOptions options,
        List<LayerReport> layers,
        List<string> notes,
        IProgress<HardenProgress>? progress,
        CancellationToken cancellationToken)
    {
        var threads = SettingRanges.ThreadsOf(options.Threads);
        var settings = new SweepSettings(options.Precision, options.Solver, options.Budget, threads) { Granularity = options.Granularity };
        using var sweep = new HardeningSweep(graph, plan.Layers, samples, settings);
        var model = sweep.Run(
            (layer, rounding, time) =>
            {
                layers.Add(Describe(layer, rounding));
                progress?.Report(new HardenProgress("layer", layer.Name, layers.Count, plan.Layers.Count, time));
            },
            cancellationToken);
        if (PoorlySampled(sweep.PoorlySampled, plan.Layers.Count) is { } note)
            notes.Add(note);
        return model;
    }

    /// <summary>The note on layers that saw too few samples; null where there are none.</summary>
    internal static string? PoorlySampled(IReadOnlyList<(QuantizableLayer Layer, long Positions)> layers, int count)
    {
        if (layers.Count == 0)
            return null;
        var (layer, positions) = layers.MinBy(p => (double)p.Positions / p.Layer.Weights.Columns);
        return $"too few calibration samples: {layers.Count} of {count} layers see fewer output positions than "
            + $"they have weights per channel (`{layer.Name}`: {positions} for {layer.Weights.Columns}); their rounding fits these "
            + "samples and little else.";
    }

    /// <summary>What the report says of a layer.</summary>
    internal static LayerReport Describe(QuantizableLayer layer, LayerRounding rounding) => new(
        layer.Name,
        layer.Operator,
        layer.Weights.Rows,
        layer.Weights.Columns,
        layer.Weights.Groups,
        rounding.Flips,
        rounding.NearestError,
        rounding.Error,
        rounding.Penalty,
        rounding.BudgetMet)
    {
        InheritedError = rounding.InheritedError,
    };

    private static HardenReport Report(
        HardenOptions options,
        OnnxModel original,
        ModelProto model,
        LayerPlan plan,
        CalibrationSet samples,
        List<LayerReport> layers,
        List<string> notes) => new()
        {
            EngineVersion = EngineVersion.Text,
            Runtime = RuntimeVersions.Current,
            Model = Path.GetFileName(options.ModelPath),
            ModelSha256 = original.Sha256,
            ExternalData = original.ExternalFiles,
            Output = Path.GetFileName(options.OutputPath),
            OutputSha256 = Digest.Of(model),
            Precision = HardenSettings.Spell(options.Precision),
            Granularity = options.Granularity == Granularity.PerChannel ? null : HardenSettings.Spell(options.Granularity),
            Solver = options.Solver.Name,
            SolverSettings = options.Solver.Settings is { Count: > 0 } settings ? settings : null,
            Budget = options.Budget,
            Calibration = options.Calibration.Name,
            CalibrationSha256 = samples.Sha256,
            Samples = samples.SampleCount,
            Preprocessing = PreprocessingRecord.Of(options.Calibration),
            Layers = layers,
            Skipped = plan.Skipped,
            Notes = notes,
        };

    // A model without the report or the attestation that was asked for looks like a finished run: all appear, or none.
    private static void Write(HardenOptions options, HardenedModel hardened, CancellationToken cancellationToken)
    {
        var files = new List<(string, Action<Stream>)> { OnnxModelWriter.Prepare(hardened.Model, options.OutputPath) };
        if (options.ReportPath is { } path)
            files.Add((path, stream => ReportJson.Write(hardened.Report, stream)));
        if (options.AttestationPath is { } attestation)
            files.Add((attestation, stream => SealedStatement.Write(HardeningPredicate.State(hardened.Report), stream)));
        AtomicFile.WriteAll(files, cancellationToken);
    }

    private static EfrapException AlreadyQuantized(string path) => new(
        EfrapCode.NothingToQuantize,
        "this model is quantized already, and its rounding cannot be undone from the file alone; give the full-precision model that it was "
        + "made from as the source (--source), or harden that.",
        path);

    private static EfrapException NothingToQuantize(LayerPlan plan, string path)
    {
        var why = plan.Skipped.Count == 0
            ? "no Conv, Gemm or MatMul with constant float weights"
            : string.Join("; ", plan.Skipped.Take(3).Select(s => $"`{s.Name}`: {s.Reason}"));
        return new EfrapException(EfrapCode.NothingToQuantize, $"nothing in this model can be quantized: {why}.", path);
    }
}

/// <summary>A hardened model that has not been written.</summary>
/// <param name="Model">The model.</param>
/// <param name="Report">What was done to it.</param>
internal sealed record HardenedModel(ModelProto Model, HardenReport Report);
