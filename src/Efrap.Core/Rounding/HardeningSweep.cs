using System.Diagnostics;
using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Rounding;

/// <summary>How a sweep is to go.</summary>
/// <param name="Precision">What weights and activations are stored as.</param>
/// <param name="Solver">How weights are rounded.</param>
/// <param name="Budget">ρ.</param>
/// <param name="Threads">The number of threads, at least 1.</param>
internal sealed record SweepSettings(Precision Precision, Solver Solver, double Budget, int Threads)
{
    /// <summary>What activations may take in memory before they are spilled to files, in bytes.</summary>
    internal long ActivationMemory { get; init; } = 384L << 20;

    /// <summary>A last word on the options of each session that runs a segment.</summary>
    internal Action<SessionOptions>? ConfigureSession { get; init; }
}

/// <summary>
/// The sweep over a model, layer by layer (DESIGN 3): a full-precision stream of activations and a hardened one go
/// through it side by side. Each layer is rounded to map what the hardened prefix delivers to what the full-precision
/// layer produced, and the hardened stream goes on through the result. Every node runs once per stream.
/// </summary>
internal sealed class HardeningSweep : IDisposable
{
    private readonly ModelGraph graph;
    private readonly IReadOnlyList<QuantizableLayer> layers;
    private readonly CalibrationSet samples;
    private readonly SweepSettings settings;
    private readonly ActivationPlan activations;
    private readonly QuantizedGraph quantized;
    private readonly LiveValues live;
    private readonly ActivationStream fullPrecision;
    private readonly ActivationStream hardened;

    /// <summary>Prepares the sweep.</summary>
    internal HardeningSweep(ModelGraph graph, IReadOnlyList<QuantizableLayer> layers, CalibrationSet samples, SweepSettings settings)
    {
        this.graph = graph;
        this.layers = layers;
        this.samples = samples;
        this.settings = settings;
        activations = settings.Precision == Precision.Int8 ? ActivationPlan.For(graph, layers) : ActivationPlan.None;
        quantized = new QuantizedGraph(graph, layers, activations, settings.Precision);
        live = new LiveValues(graph, layers.Select(l => l.Output).Concat(activations.Quantized));
        var memory = new ActivationMemory(settings.ActivationMemory);
        fullPrecision = new ActivationStream(graph.Model, samples, memory, settings.Threads) { Configure = settings.ConfigureSession };
        hardened = new ActivationStream(graph.Model, samples, memory, settings.Threads) { Configure = settings.ConfigureSession };
    }

    /// <summary>Rounds every layer.</summary>
    /// <param name="rounded">Told of each layer when it is done, with the time it took.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The quantized model.</returns>
    internal ModelProto Run(Action<QuantizableLayer, LayerRounding, TimeSpan> rounded, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken };
        Reach(layers[0].NodeIndex, options);
        for (var i = 0; i < layers.Count; i++)
        {
            var clock = Stopwatch.StartNew();
            var layer = layers[i];
            var next = i + 1 < layers.Count ? layers[i + 1].NodeIndex : graph.Nodes.Count;

            AdvanceFullPrecision(layer.NodeIndex, next, layer.Output, options);
            var problem = Pose(layer, options);
            var rounding = settings.Solver == Solver.Nearest
                ? BudgetedRounding.Nearest(problem, options)
                : BudgetedRounding.Solve(problem, settings.Budget, options);
            quantized.SetCodes(layer, problem.Lattice, problem.Lattice.Codes(rounding.Up));
            AdvanceHardened(quantized.Write(layer.NodeIndex, next), next, options);
            rounded(layer, rounding, clock.Elapsed);
        }

        return quantized.ToModel();
    }

    /// <summary>Forgets all activations.</summary>
    public void Dispose()
    {
        fullPrecision.Dispose();
        hardened.Dispose();
    }

    // The stretch before the first layer is the same in both streams, but for the grids of activations.
    private void Reach(int first, ParallelOptions options)
    {
        foreach (var input in graph.FedInputs.Where(i => activations.IsQuantized(i.Name)))
            SetGrid(input.Name, RangeOfInput(input.Name, options));
        AdvanceFullPrecision(0, first, null, options);
        AdvanceHardened([.. quantized.WriteInputs(), .. quantized.Write(0, first)], first, options);
    }

    private void AdvanceFullPrecision(int from, int to, string? output, ParallelOptions options)
    {
        var nodes = Enumerable.Range(from, to - from).Where(i => !graph.IsConstantNode(i)).Select(i => graph.Nodes[i]).ToList();
        var produced = nodes.SelectMany(n => n.Output).ToHashSet();
        var ranged = activations.Quantized.Where(n => produced.Contains(n) && activations.GridOwner(n) == n).Order(StringComparer.Ordinal).ToList();
        var ranges = new ActivationRange[ranged.Count, samples.BatchCount];

        // The layer's own output stays until its problem is posed: the next call no longer names it.
        fullPrecision.Advance(
            nodes,
            graph.Constant,
            [.. live.At(to).Concat(output is null ? [] : [output]).Distinct()],
            ranged,
            (batch, values) =>
            {
                for (var i = 0; i < ranged.Count; i++)
                    ranges[i, batch] = ActivationRange.Of(values[ranged[i]].GetTensorDataAsSpan<float>());
            },
            options.CancellationToken);
        for (var i = 0; i < ranged.Count; i++)
        {
            var range = ActivationRange.Empty;
            for (var batch = 0; batch < samples.BatchCount; batch++)
                range = range.Union(ranges[i, batch]);
            SetGrid(ranged[i], range);
        }
    }

    private void AdvanceHardened(IReadOnlyList<NodeProto> nodes, int to, ParallelOptions options) =>
        hardened.Advance(
            nodes, quantized.Constant, [.. live.At(to).SelectMany(quantized.LiveNames)], [], null, options.CancellationToken);

    private LayerProblem Pose(QuantizableLayer layer, ParallelOptions options)
    {
        var moments = LayerData.Collect(layer, fullPrecision, hardened, quantized, samples.BatchCount, options);
        if (!moments.Residual.All(double.IsFinite) || !moments.Gram.All(float.IsFinite))
            throw NotFinite($"layer `{layer.Name}` reads or produces");

        var bits = settings.Precision == Precision.Int4Weights ? 4 : 8;
        var lattice = WeightLattice.PerChannel(layer.Weights, bits, SmallestScales(layer));
        return new LayerProblem(lattice, moments.Gram, moments.Cross, moments.Residual);
    }

    private void SetGrid(string activation, ActivationRange range) =>
        quantized.SetGrid(activation, range.IsFinite ? range.ToGrid() : throw NotFinite($"`{activation}` holds"));

    private EfrapException NotFinite(string subject) => new(
        EfrapCode.ModelNotRunnable, $"{subject} NaN or infinity on the calibration data; check the preprocessing.", graph.Model.Path);

    // An int32 bias is stored in steps of input scale times weight scale: the weight scale must be large enough for
    // the bias to fit.
    private float[]? SmallestScales(QuantizableLayer layer) =>
        layer.BiasValues is { } bias && quantized.GridOf(layer.Input) is { } grid
            ? [.. bias.Select(b => MathF.Abs(b) / (grid.Scale * (1 << 30)))]
            : null;

    private ActivationRange RangeOfInput(string name, ParallelOptions options)
    {
        var ranges = new ActivationRange[samples.BatchCount];
        Batches.ForEach(samples.BatchCount, options, batch =>
        {
            using var lease = fullPrecision.Get(name, batch);
            ranges[batch] = ActivationRange.Of(lease.Value.GetTensorDataAsSpan<float>());
        });
        return ranges.Aggregate(ActivationRange.Empty, (a, b) => a.Union(b));
    }
}
