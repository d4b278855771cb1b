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
    /// <summary>How many weights share a scale.</summary>
    internal Granularity Granularity { get; init; }

    /// <summary>The lattices that weights are rounded on, by layer, in place of the precision's; null for those. The quantized model then
    /// holds the rounded weights as floats: there may be no way to store them.</summary>
    internal Func<QuantizableLayer, WeightLattice>? Lattice { get; init; }

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
    private readonly ModelGraph _graph;
    private readonly IReadOnlyList<QuantizableLayer> _layers;
    private readonly CalibrationSet _samples;
    private readonly SweepSettings _settings;
    private readonly QuantizationScheme _scheme;
    private readonly RangeSamples _inputs;
    private readonly ActivationPlan _activations;
    private readonly QuantizedGraph _quantized;
    private readonly LiveValues _live;
    private readonly ActivationStream _fullPrecision;
    private readonly ActivationStream _hardened;

    /// <summary>Prepares the sweep.</summary>
    internal HardeningSweep(ModelGraph graph, IReadOnlyList<QuantizableLayer> layers, CalibrationSet samples, SweepSettings settings)
    {
        _graph = graph;
        _layers = layers;
        _samples = samples;
        _settings = settings;
        _scheme = new QuantizationScheme(_settings.Precision, _settings.Granularity);
        _inputs = new RangeSamples(_scheme.RoundsLayerInputs ? _layers.Select(l => l.Input) : [], _samples.BatchCount);
        _activations = _scheme.StoresActivations ? ActivationPlan.For(_graph, _layers) : ActivationPlan.None;
        _quantized = new QuantizedGraph(_graph, _layers, _activations, _settings.Precision);
        _live = new LiveValues(_graph, _layers.Select(l => l.Output).Concat(_activations.Quantized));
        var memory = new ActivationMemory(_settings.ActivationMemory);
        _fullPrecision = new ActivationStream(_graph.Model, _samples, memory, _settings.Threads) { Configure = _settings.ConfigureSession };
        _hardened = new ActivationStream(_graph.Model, _samples, memory, _settings.Threads) { Configure = _settings.ConfigureSession };
    }

    /// <summary>The layers that saw fewer output positions than they have weights per channel: little speaks for their rounding.</summary>
    internal List<(QuantizableLayer Layer, long Positions)> PoorlySampled { get; } = [];

    /// <summary>Rounds every layer.</summary>
    /// <param name="rounded">Told of each layer when it is done, with the time it took.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The quantized model.</returns>
    internal ModelProto Run(Action<QuantizableLayer, LayerRounding, TimeSpan> rounded, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Threads, CancellationToken = cancellationToken };
        Reach(_layers[0].NodeIndex, options);
        for (var i = 0; i < _layers.Count; i++)
        {
            var clock = Stopwatch.StartNew();
            var layer = _layers[i];
            var next = i + 1 < _layers.Count ? _layers[i + 1].NodeIndex : _graph.Nodes.Count;

            AdvanceFullPrecision(layer.NodeIndex, next, layer.Output, options);
            var problem = Pose(layer, _scheme.Bits(i, _layers.Count), options);
            var activations = ActivationsOf(layer);
            var rounding = _settings.Solver.Round(problem, activations, _settings.Budget, options);
            if (rounding.InputGrid is { } grid)
                _quantized.SetInputGrid(layer, grid);
            if (_settings.Lattice is null)
                _quantized.SetCodes(layer, problem.Lattice, problem.Lattice.Codes(rounding.Up));
            else
                _quantized.SetWeights(layer, problem.Lattice.Values(rounding.Up));
            AdvanceHardened(_quantized.Write(layer.NodeIndex, next), next, options);
            rounded(layer, rounding, clock.Elapsed);
        }

        return _quantized.ToModel();
    }

    /// <summary>Forgets all activations.</summary>
    public void Dispose()
    {
        _fullPrecision.Dispose();
        _hardened.Dispose();
    }

    // The stretch before the first layer is the same in both streams, but for the grids of activations.
    private void Reach(int first, ParallelOptions options)
    {
        foreach (var input in _graph.FedInputs.Where(i => _activations.IsQuantized(i.Name)))
            SetGrid(input.Name, RangeOfInput(input.Name, options));
        foreach (var input in _graph.FedInputs.Where(i => _inputs.Names.Contains(i.Name)))
            SampleInput(input.Name, options);
        AdvanceFullPrecision(0, first, null, options);
        AdvanceHardened([.. _quantized.WriteInputs(), .. _quantized.Write(0, first)], first, options);
    }

    private void AdvanceFullPrecision(int from, int to, string? output, ParallelOptions options)
    {
        var nodes = Enumerable.Range(from, to - from).Where(i => !_graph.IsConstantNode(i)).Select(i => _graph.Nodes[i]).ToList();
        var produced = nodes.SelectMany(n => n.Output).ToHashSet();
        var ranged = _activations.Quantized.Where(n => produced.Contains(n) && _activations.GridOwner(n) == n).Order(StringComparer.Ordinal).ToList();
        var ranges = new ActivationRange[ranged.Count, _samples.BatchCount];
        var sampled = _inputs.Names.Where(produced.Contains).ToList();

        // The layer's own output stays until its problem is posed: the next call no longer names it.
        _fullPrecision.Advance(
            nodes,
            _graph.Constant,
            [.. _live.At(to).Concat(output is null ? [] : [output]).Distinct()],
            [.. ranged, .. sampled],
            (batch, values) =>
            {
                foreach (var name in sampled)
                    _inputs.Add(name, batch, values[name].GetTensorDataAsSpan<float>());
                for (var i = 0; i < ranged.Count; i++)
                    ranges[i, batch] = ActivationRange.Of(values[ranged[i]].GetTensorDataAsSpan<float>());
            },
            options.CancellationToken);
        for (var i = 0; i < ranged.Count; i++)
        {
            var range = ActivationRange.Empty;
            for (var batch = 0; batch < _samples.BatchCount; batch++)
                range = range.Union(ranges[i, batch]);
            SetGrid(ranged[i], range);
        }
    }

    private void AdvanceHardened(IReadOnlyList<NodeProto> nodes, int to, ParallelOptions options) =>
        _hardened.Advance(
            nodes, _quantized.Constant, [.. _live.At(to).SelectMany(_quantized.LiveNames)], [], null, options.CancellationToken);

    private LayerActivations ActivationsOf(QuantizableLayer layer)
    {
        var stored = _quantized.GridOf(layer.Input);
        var rounding = stored is null ? _quantized.InputGridOf(layer) : null;
        return new(layer, _fullPrecision, _hardened, _quantized.StoredName(layer.Input), stored, rounding, _samples.BatchCount);
    }

    private LayerProblem Pose(QuantizableLayer layer, int bits, ParallelOptions options)
    {
        if (_inputs.Names.Contains(layer.Input))
            _quantized.SetInputGrid(layer, _inputs.Grid(layer.Input, bits) ?? throw NotFinite($"`{layer.Input}` holds"));
        var moments = LayerData.Collect(
            layer, _fullPrecision, _hardened, _quantized.StoredName(layer.Input), _quantized.InputGridOf(layer), _samples.BatchCount, options);
        if (moments.Count < layer.Weights.Columns)
            PoorlySampled.Add((layer, moments.Count));
        if (!moments.IsFinite)
            throw NotFinite($"layer `{layer.Name}` reads or produces");

        var lattice = _settings.Lattice?.Invoke(layer) ?? _scheme.Lattice(layer.Weights, bits, SmallestScales(layer));
        return new LayerProblem(lattice, moments.Gram, moments.Cross, moments.Residual);
    }

    private void SetGrid(string activation, ActivationRange range) =>
        _quantized.SetGrid(activation, range.IsFinite ? range.ToGrid() : throw NotFinite($"`{activation}` holds"));

    private EfrapException NotFinite(string subject) => LayerData.NotFinite(subject, _graph.Model.Path);

    // An int32 bias is stored in steps of input scale times weight scale: the weight scale must be large enough for
    // the bias to fit.
    private float[]? SmallestScales(QuantizableLayer layer) =>
        layer.BiasValues is { } bias && _quantized.GridOf(layer.Input) is { } grid
            ? [.. bias.Select(b => MathF.Abs(b) / (grid.Scale * (1 << 30)))]
            : null;

    private void SampleInput(string name, ParallelOptions options) => Batches.ForEach(_samples.BatchCount, options, batch =>
    {
        using var lease = _fullPrecision.Get(name, batch);
        _inputs.Add(name, batch, lease.Value.GetTensorDataAsSpan<float>());
    });

    private ActivationRange RangeOfInput(string name, ParallelOptions options)
    {
        var ranges = new ActivationRange[_samples.BatchCount];
        Batches.ForEach(_samples.BatchCount, options, batch =>
        {
            using var lease = _fullPrecision.Get(name, batch);
            ranges[batch] = ActivationRange.Of(lease.Value.GetTensorDataAsSpan<float>());
        });
        return ranges.Aggregate(ActivationRange.Empty, (a, b) => a.Union(b));
    }
}
