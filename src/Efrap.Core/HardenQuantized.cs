using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Rounding.Rerounding;

namespace Efrap.Core;

/// <summary>Hardens a model that someone has quantized: of the file, only the integers change.</summary>
internal static class HardenQuantized
{
    /// <summary>What a report calls the precision.</summary>
    internal const string Precision = "as-quantized";

    /// <summary>Hardens a model and writes nothing.</summary>
    /// <param name="options">What to do; checked.</param>
    /// <param name="sourcePath">The full-precision model that the quantized one was made from.</param>
    /// <param name="progress">Told of each step, or null.</param>
    /// <param name="cancellationToken">Cancels at the next batch of samples.</param>
    internal static HardenedModel Make(
        HardenOptions options, string sourcePath, IProgress<HardenProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new HardenProgress("reading", null, 0, 0, TimeSpan.Zero));
        var original = Quantized(OnnxModelReader.Read(options.ModelPath, cancellationToken));
        var source = SourceModel.Match(OnnxModelReader.Read(sourcePath, cancellationToken), original);
        var observed = ObservedModel.Of(original, source.Matches);
        var inputs = Inputs(observed.Graph, source.Graph);
        if (observed.Layers.Count == 0)
            throw NothingToRound(observed.Left, options.ModelPath);
        var samples = CalibrationSet.Load(options.Calibration, inputs, cancellationToken);

        progress?.Report(new HardenProgress("measuring", null, 0, observed.Layers.Count, TimeSpan.Zero));
        var run = new Rounded(observed, samples);
        var model = Round(original, source, run, options, progress, cancellationToken);

        progress?.Report(new HardenProgress("writing", null, run.Layers.Count, observed.Layers.Count, TimeSpan.Zero));
        FirstBatch.Run(model, samples, options.OutputPath);
        return new HardenedModel(model, Report(options, original, source, model, run));
    }

    private static OnnxModel Quantized(OnnxModel model) => QuantizedWeights.IsQuantized(new ModelGraph(model)) ? model : throw new EfrapException(
        EfrapCode.InvalidSetting, "a source was given, but this model is not quantized; harden it without a source.", model.Path);

    /// <summary>The inputs of a quantized model and its source, which are fed the same samples.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.SourceMismatch"/>: they differ.</exception>
    internal static IReadOnlyList<ModelInput> Inputs(ModelGraph quantized, ModelGraph source)
    {
        var (inputs, others) = (ModelInputs.Of(quantized), ModelInputs.Of(source));
        return Names(inputs).SequenceEqual(Names(others)) ? inputs : throw new EfrapException(
            EfrapCode.SourceMismatch,
            $"its inputs are {string.Join(", ", inputs.Select(i => $"`{i.Name}`"))}, those of the source {string.Join(", ", others.Select(i => $"`{i.Name}`"))}: "
            + "the two cannot be run on the same samples; give the model that this one was quantized from.",
            quantized.Model.Path);

        static IEnumerable<(string, TensorProto.Types.DataType)> Names(IReadOnlyList<ModelInput> inputs) =>
            inputs.Select(i => (i.Name, i.ElementType)).Order();
    }

    private static ModelProto Round(
        OnnxModel original,
        SourceModel source,
        Rounded run,
        HardenOptions options,
        IProgress<HardenProgress>? progress,
        CancellationToken cancellationToken)
    {
        var threads = SettingRanges.ThreadsOf(options.Threads);
        var layers = run.Model.Layers.Count;
        using var sweep = new ReroundingSweep(source.Graph, run.Model, run.Samples, new ReroundingSettings(options.Solver, options.Budget, threads));
        var rounded = sweep.Run(
            (layer, problem, rounding, time) =>
            {
                run.Layers.Add(Describe(layer, problem, rounding));
                progress?.Report(new HardenProgress("layer", layer.Layer.Name, run.Layers.Count, layers, time));
            },
            cancellationToken);
        run.Left.AddRange(sweep.Left);
        if (rounded.Count == 0)
            throw NothingToRound(run.Left, options.ModelPath);
        if (Harden.PoorlySampled(sweep.PoorlySampled, layers) is { } note)
            run.Notes.Add(note);
        return Replace(original, rounded);
    }

    private static LayerReport Describe(ObservedLayer observed, LayerProblem problem, LayerRounding rounding)
    {
        var before = observed.Tensor.SignedRows();
        var after = problem.Lattice.Codes(rounding.Up);
        var counts = CodeCounts.Of(problem.Lattice, before);
        return Harden.Describe(observed.Layer with { Operator = observed.Use.Operator }, rounding) with
        {
            Found = new FoundRounding(
                1 - ((double)counts.NotNearest / counts.All),
                counts.OffLattice,
                (double)before.Zip(after).Count(c => c.First != c.Second) / before.Length,
                observed.Match.By.ToString().ToLowerInvariant()),
        };
    }

    private static ModelProto Replace(OnnxModel original, IReadOnlyList<(QuantizedTensor Tensor, sbyte[] Codes)> rounded)
    {
        var model = original with { Proto = original.Proto.Clone() };
        var graph = new ModelGraph(model);
        foreach (var (tensor, codes) in rounded)
        {
            // An initializer or the attribute of a Constant node: what the graph hands out is the message's own.
            var stored = graph.Constant(tensor.CodesName)!;
            var replaced = tensor.Replace(stored, codes);
            stored.Int32Data.Clear();
            stored.RawData = replaced.RawData;
        }

        return model.Proto;
    }

    private static HardenReport Report(HardenOptions options, OnnxModel original, SourceModel source, ModelProto model, Rounded run) => new()
    {
        EngineVersion = EngineVersion.Text,
        Runtime = RuntimeVersions.Current,
        Model = Path.GetFileName(options.ModelPath),
        ModelSha256 = original.Sha256,
        ExternalData = original.ExternalFiles,
        Source = Path.GetFileName(source.Graph.Model.Path),
        SourceSha256 = source.Graph.Model.Sha256,
        SourceExternalData = source.Graph.Model.ExternalFiles,
        Output = Path.GetFileName(options.OutputPath),
        OutputSha256 = Digest.Of(model),
        Precision = Precision,
        Solver = options.Solver.Name,
        SolverSettings = options.Solver.Settings is { Count: > 0 } settings ? settings : null,
        Budget = options.Budget,
        Calibration = options.Calibration.Name,
        CalibrationSha256 = run.Samples.Sha256,
        Samples = run.Samples.SampleCount,
        Preprocessing = PreprocessingRecord.Of(options.Calibration),
        Layers = run.Layers,
        Skipped = run.Left,
        Notes = run.AllNotes(),
    };

    private static EfrapException NothingToRound(IReadOnlyList<SkippedNode> left, string path) => new(
        EfrapCode.NothingToQuantize,
        $"none of its quantized weights can be rounded anew: {string.Join("; ", left.Take(3).Select(s => $"`{s.Name}`: {s.Reason}"))}.",
        path);

    /// <summary>What has been done so far.</summary>
    private sealed record Rounded(ObservedModel Model, CalibrationSet Samples)
    {
        internal List<LayerReport> Layers { get; } = [];

        internal List<SkippedNode> Left { get; } = [.. Model.Left];

        internal List<string> Notes { get; } = [.. Samples.Notes];

        internal List<string> AllNotes()
        {
            var notes = Notes.ToList();
            var off = Layers.Where(l => l.Found!.OffLattice > 0).ToList();
            if (off.Count > 0)
            {
                notes.Add(
                    $"{off.Sum(l => l.Found!.OffLattice)} integers in {off.Count} of {Layers.Count} layers were neither the floor nor the ceiling of their "
                    + $"weight, first in `{off[0].Name}`: no rounding of the source gives them. They are replaced like all others; make sure that the source is the "
                    + "model that was quantized.");
            }

            var shared = Model.Layers.Where(l => l.Tensor.Uses.Count > 1).ToList();
            if (shared.Count > 0)
            {
                notes.Add(
                    $"weights that several nodes read: {shared.Count}, first `{shared[0].Tensor.CodesName}`; each is rounded for the first node that "
                    + "reads it.");
            }

            return notes;
        }
    }
}
