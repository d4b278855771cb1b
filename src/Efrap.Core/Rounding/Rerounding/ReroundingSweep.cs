using System.Diagnostics;
using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Rounding.Rerounding;

/// <summary>How a sweep over a quantized model is to go.</summary>
/// <param name="Solver">How weights are rounded.</param>
/// <param name="Budget">ρ.</param>
/// <param name="Threads">The number of threads, at least 1.</param>
internal sealed record ReroundingSettings(Solver Solver, double Budget, int Threads)
{
    /// <summary>What activations may take in memory before they are spilled to files, in bytes.</summary>
    internal long ActivationMemory { get; init; } = 384L << 20;

    /// <summary>A last word on the options of each session that runs a segment.</summary>
    internal Action<SessionOptions>? ConfigureSession { get; init; }
}

/// <summary>
/// The sweep over a quantized model and its full-precision source (DESIGN 3): the source's stream of activations gives what each layer
/// should produce, the quantized file's what it reads behind the layers that are rounded already. Nothing but integers changes, and
/// each segment runs on the integer kernels that the file has. Every node runs once per stream, but for
/// <see cref="RepeatedNodes">those that are repeated</see>.
/// </summary>
internal sealed class ReroundingSweep : IDisposable
{
    private readonly ModelGraph _source;
    private readonly ModelGraph _quantized;
    private readonly IReadOnlyList<ObservedLayer> _layers;
    private readonly CalibrationSet _samples;
    private readonly ReroundingSettings _settings;
    private readonly LiveValues _liveInSource;
    private readonly LiveValues _liveInQuantized;
    private readonly RepeatedNodes _repeated;
    private readonly ActivationStream _fullPrecision;
    private readonly ActivationStream _hardened;
    private readonly Dictionary<TensorProto, TensorProto> _rounded = new(ReferenceEqualityComparer.Instance);
    private int _sourcePosition;
    private int _quantizedPosition;

    /// <summary>Prepares the sweep.</summary>
    internal ReroundingSweep(ModelGraph source, ObservedModel quantized, CalibrationSet samples, ReroundingSettings settings)
    {
        _source = source;
        _quantized = quantized.Graph;
        _layers = quantized.Layers;
        _samples = samples;
        _settings = settings;
        _repeated = new RepeatedNodes(_quantized);
        _liveInSource = new LiveValues(_source, _layers.Select(l => l.Layer.Output));
        _liveInQuantized = new LiveValues(_quantized, _layers.Select(l => l.Layer.Input).Concat(_layers.Select(l => l.Use.Output)), _repeated);
        var memory = new ActivationMemory(_settings.ActivationMemory);
        _fullPrecision = new ActivationStream(_source.Model, _samples, memory, _settings.Threads) { Configure = _settings.ConfigureSession };
        _hardened = new ActivationStream(_quantized.Model, _samples, memory, _settings.Threads) { Configure = _settings.ConfigureSession };
    }

    /// <summary>The layers that saw fewer output positions than they have weights per channel: little speaks for their rounding.</summary>
    internal List<(QuantizableLayer Layer, long Positions)> PoorlySampled { get; } = [];

    /// <summary>The layers whose activations turned out not to be the source's, and stay as they are.</summary>
    internal List<SkippedNode> Left { get; } = [];

    /// <summary>Rounds every layer.</summary>
    /// <param name="rounded">Told of each layer when it is done: its problem, its rounding, and the time it took.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The weights that were rounded, with their codes in rows.</returns>
    internal IReadOnlyList<(QuantizedTensor Tensor, sbyte[] Codes)> Run(
        Action<ObservedLayer, LayerProblem, LayerRounding, TimeSpan> rounded, CancellationToken cancellationToken)
    {
        var result = new List<(QuantizedTensor, sbyte[])>();
        Observe(
            (observed, problem, options, clock) =>
            {
                var layer = observed.Layer;
                var activations = new LayerActivations(layer, _fullPrecision, _hardened, layer.Input, null, null, _samples.BatchCount);
                var rounding = _settings.Solver.Round(problem, activations, _settings.Budget, options);
                var codes = problem.Lattice.Codes(rounding.Up);
                var stored = _quantized.Constant(observed.Tensor.CodesName)!;
                _rounded[stored] = observed.Tensor.Replace(stored, codes);
                result.Add((observed.Tensor, codes));
                rounded(observed, problem, rounding, clock.Elapsed);
            },
            cancellationToken);
        return result;
    }

    /// <summary>Poses the problem of each layer, behind the layers before it as they are by then: as the file has them, unless rounded.</summary>
    /// <param name="posed">Told of each layer in turn: its problem, how work on it is to run, and the time since work on it began.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    internal void Observe(Action<ObservedLayer, LayerProblem, ParallelOptions, Stopwatch> posed, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = _settings.Threads, CancellationToken = cancellationToken };
        for (var i = 0; i < _layers.Count; i++)
        {
            var clock = Stopwatch.StartNew();
            var observed = _layers[i];
            AdvanceFullPrecision(i, options);
            AdvanceHardened(observed, options);
            if (WhyNot(observed) is { } reason)
                Left.Add(new SkippedNode(observed.Use.Name, observed.Use.Operator, reason));
            else
                posed(observed, Pose(observed, options), options, clock);
        }
    }

    /// <summary>Forgets all activations.</summary>
    public void Dispose()
    {
        _fullPrecision.Dispose();
        _hardened.Dispose();
    }

    // The two models may order their branches differently: outputs that come early wait for their layer.
    private void AdvanceFullPrecision(int current, ParallelOptions options)
    {
        var to = Math.Max(_sourcePosition, _source.Producer(_layers[current].Layer.Output) + 1);
        var waiting = _layers.Skip(current).Select(l => l.Layer.Output).Where(o => _source.Producer(o) < to);
        _fullPrecision.Advance(
            Nodes(_source, _sourcePosition, to),
            _source.Constant,
            [.. _liveInSource.At(to).Concat(waiting).Distinct()],
            [],
            null,
            options.CancellationToken);
        _sourcePosition = to;
    }

    private void AdvanceHardened(ObservedLayer layer, ParallelOptions options)
    {
        var to = layer.NodeIndex;
        List<NodeProto> nodes =
        [
            .. Enumerable.Range(0, _quantizedPosition).Where(i => _repeated.Contains(i) && !_quantized.IsConstantNode(i)).Select(i => _quantized.Nodes[i]),
            .. Nodes(_quantized, _quantizedPosition, to),
        ];
        _hardened.Advance(
            nodes, Constant, [.. _liveInQuantized.At(to).Append(layer.Layer.Input).Distinct()], [], null, options.CancellationToken);
        _quantizedPosition = to;
    }

    private static List<NodeProto> Nodes(ModelGraph graph, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Where(i => !graph.IsConstantNode(i)).Select(i => graph.Nodes[i])];

    private TensorProto? Constant(string name) => _quantized.Constant(name) is { } constant ? _rounded.GetValueOrDefault(constant, constant) : null;

    private string? WhyNot(ObservedLayer observed)
    {
        for (var batch = 0; batch < _samples.BatchCount; batch++)
        {
            var (type, input) = _hardened.TypeOf(observed.Layer.Input, batch);
            var (_, output) = _fullPrecision.TypeOf(observed.Layer.Output, batch);
            if (type != TensorElementType.Float)
                return $"its input is {ElementType.Name((TensorProto.Types.DataType)(int)type)}, not float";
            if (!LayerFit.Fits(observed.Layer, _quantized.Nodes[observed.NodeIndex], input, output))
            {
                return $"its input {TensorValidation.Shape(input)} does not fit what its source `{observed.Match.Layer.Name}` "
                    + $"produces, {TensorValidation.Shape(output)}";
            }
        }

        return null;
    }

    private LayerProblem Pose(ObservedLayer observed, ParallelOptions options)
    {
        var layer = observed.Layer;
        var moments = LayerData.Collect(layer, _fullPrecision, _hardened, layer.Input, grid: null, _samples.BatchCount, options);
        if (moments.Count < layer.Weights.Columns)
            PoorlySampled.Add((layer, moments.Count));
        if (!moments.IsFinite)
            throw LayerData.NotFinite($"layer `{layer.Name}` reads or produces", _quantized.Model.Path);
        return new LayerProblem(observed.Tensor.LatticeOf(layer.Weights), moments.Gram, moments.Cross, moments.Residual);
    }
}
