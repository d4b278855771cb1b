using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization;

/// <summary>
/// The quantized form of a graph, written node by node in step with the sweep: a stretch of it can run as soon as its
/// codes and grids are known, and the whole becomes the output model.
/// </summary>
internal sealed class QuantizedGraph
{
    private readonly ModelGraph _graph;
    private readonly QuantizationFormat _format;
    private readonly ActivationPlan _activations;
    private readonly Dictionary<int, QuantizableLayer> _layers;
    private readonly Dictionary<int, LayerCodes> _codes = [];
    private readonly Dictionary<int, float[]> _weights = [];
    private readonly Dictionary<string, ActivationGrid> _grids = [];
    private readonly Dictionary<int, ActivationGrid> _inputGrids = [];
    private readonly Dictionary<string, TensorProto> _added = [];
    private readonly List<NodeProto> _written = [];
    private readonly UniqueNames _names;

    /// <summary>Begins the quantized form.</summary>
    internal QuantizedGraph(ModelGraph graph, IEnumerable<QuantizableLayer> layers, ActivationPlan activations, Precision precision)
    {
        _graph = graph;
        _activations = activations;
        _layers = layers.ToDictionary(l => l.NodeIndex);
        _format = QuantizationFormat.For(_graph.Model, precision);
        _names = new UniqueNames(_graph);
    }

    /// <summary>Sets the grid that an activation is stored on.</summary>
    internal void SetGrid(string activation, ActivationGrid grid) => _grids[activation] = grid;

    /// <summary>The grid that an activation is stored on, or null when it stays float.</summary>
    internal ActivationGrid? GridOf(string activation) =>
        _activations.IsQuantized(activation) ? _grids[_activations.GridOwner(activation)] : null;

    /// <summary>Sets the grid that a layer rounds its float input to.</summary>
    internal void SetInputGrid(QuantizableLayer layer, ActivationGrid grid) => _inputGrids[layer.NodeIndex] = grid;

    /// <summary>The grid on which a layer sees its input, whether it is stored on it or rounded there; null where it is float.</summary>
    internal ActivationGrid? InputGridOf(QuantizableLayer layer) =>
        _inputGrids.TryGetValue(layer.NodeIndex, out var grid) ? grid : GridOf(layer.Input);

    /// <summary>Sets the rounding of a layer.</summary>
    internal void SetCodes(QuantizableLayer layer, WeightLattice lattice, sbyte[] rows) =>
        _codes[layer.NodeIndex] = new LayerCodes(lattice, rows);

    /// <summary>Sets the rounding of a layer whose weights stay float, on the points of their lattice.</summary>
    internal void SetWeights(QuantizableLayer layer, float[] rows) => _weights[layer.NodeIndex] = rows;

    /// <summary>A constant of the quantized graph: one that quantization added, or one of the original.</summary>
    internal TensorProto? Constant(string name) => _added.GetValueOrDefault(name) ?? _graph.Constant(name);

    /// <summary>The names under which an activation of the original graph lives on in the quantized one.</summary>
    internal IEnumerable<string> LiveNames(string activation)
    {
        if (!_activations.IsQuantized(activation))
            return [activation];
        var stored = QuantizedName(activation);
        return _graph.IsCaptured(activation) ? [stored, activation] : [stored];
    }

    /// <summary>The name that a layer's input has where it is live: of the uint8 codes, or of the float values.</summary>
    internal string StoredName(string activation) => _activations.IsQuantized(activation) ? QuantizedName(activation) : activation;

    /// <summary>Writes the quantized form of graph inputs. Called once, first.</summary>
    internal IReadOnlyList<NodeProto> WriteInputs()
    {
        var nodes = new List<NodeProto>();
        foreach (var input in _graph.FedInputs.Where(i => _activations.IsQuantized(i.Name)))
            nodes.Add(Quantize(input.Name, input.Name));
        _written.AddRange(nodes);
        return nodes;
    }

    /// <summary>Writes the quantized form of the nodes from one index up to another. Called once for each stretch, in order.</summary>
    internal IReadOnlyList<NodeProto> Write(int from, int to)
    {
        var nodes = new List<NodeProto>();
        for (var i = from; i < to; i++)
            WriteNode(i, nodes);
        _written.AddRange(nodes);
        return nodes;
    }

    /// <summary>The whole quantized model.</summary>
    internal ModelProto ToModel() => QuantizedModel.Assemble(_graph, _format, _written, _added.Values);

    private void WriteNode(int index, List<NodeProto> nodes)
    {
        var node = _graph.Nodes[index].Clone();
        if (_activations.IsFolded(index, node))
        {
            nodes.Add(Quantize(node.Input[0], node.Output[0]));
            Restore(node.Output[0], nodes);
            return;
        }

        var restored = new Dictionary<string, string>();
        for (var i = 0; i < node.Input.Count; i++)
        {
            var name = node.Input[i];
            if (!_activations.IsQuantized(name))
                continue;
            if (!restored.TryGetValue(name, out var value))
            {
                value = restored[name] = _names.Make($"{name}_dequantized_{index}");
                nodes.Add(Dequantize(name, value));
            }

            node.Input[i] = value;
        }

        if (_inputGrids.TryGetValue(index, out var inputGrid))
            RoundInput(node, inputGrid, index, nodes);
        if (_codes.TryGetValue(index, out var layerCodes))
            ReplaceWeights(node, _layers[index], layerCodes, nodes);
        if (_weights.TryGetValue(index, out var rounded))
            node.Input[1] = Add(_layers[index].Weight, "_rounded", name => TensorValues.FromSingles(name, _layers[index].Weights.Shape, _layers[index].Weights.ToTensor(rounded)));

        nodes.Add(node);
        for (var i = 0; i < node.Output.Count; i++)
        {
            var name = node.Output[i];
            if (!_activations.IsQuantized(name))
                continue;
            if (_graph.IsOutput(name) || _graph.IsCaptured(name))
                node.Output[i] = _names.Make($"{name}_unquantized");
            nodes.Add(Quantize(node.Output[i], name));
            Restore(name, nodes);
        }
    }

    // Graph outputs keep their name and type, and subgraphs are left alone: both see the value under its old name.
    private void Restore(string activation, List<NodeProto> nodes)
    {
        if (_graph.IsOutput(activation) || _graph.IsCaptured(activation))
            nodes.Add(Dequantize(activation, activation));
    }

    private void RoundInput(NodeProto node, ActivationGrid grid, int index, List<NodeProto> nodes)
    {
        var stem = $"{node.Input[0]}_rounded_{index}";
        var scale = Add(stem, "_scale", name => TensorValues.FromSingles(name, [], [grid.Scale]));
        var zeroPoint = Add(stem, "_zero_point", name => TensorValues.FromUInt8s(name, [], [grid.ZeroPoint]));
        var codes = _names.Make($"{stem}_quantized");
        var value = node.Input[0];
        if (grid.HighestCode < byte.MaxValue)
            nodes.Add(Clip(value, grid, stem, value = _names.Make($"{stem}_clipped")));
        nodes.Add(_format.QuantizeLinear(value, scale, zeroPoint, codes));
        node.Input[0] = _names.Make(stem);
        nodes.Add(_format.DequantizeLinear(codes, scale, zeroPoint, node.Input[0], axis: null));
    }

    // ONNX Runtime moves a QuantizeLinear in front of MaxPool and other operators that know no uint4, and then refuses the
    // model: fewer than 256 codes are the first of uint8, and values beyond them are cut off before.
    private NodeProto Clip(string value, ActivationGrid grid, string stem, string output)
    {
        var (low, high) = ((0 - grid.ZeroPoint) * grid.Scale, (grid.HighestCode - grid.ZeroPoint) * grid.Scale);
        var lowName = Add(stem, "_low", name => TensorValues.FromSingles(name, [], [low]));
        var highName = Add(stem, "_high", name => TensorValues.FromSingles(name, [], [high]));
        return new NodeProto { OpType = "Clip", Name = output, Input = { value, lowName, highName }, Output = { output } };
    }

    private void ReplaceWeights(NodeProto node, QuantizableLayer layer, LayerCodes layerCodes, List<NodeProto> nodes)
    {
        var lattice = layerCodes.Lattice;
        var weights = layer.Weights;
        var stem = $"{layer.Weight}_quantized";
        var perTensor = lattice.Granularity == Granularity.PerTensor;
        long[] scaleShape = perTensor ? [] : [weights.Rows];
        var scales = perTensor ? lattice.Scales[..1] : lattice.Scales;
        var scale = Add(stem, "_scale", name => TensorValues.FromSingles(name, scaleShape, scales));
        var tensorCodes = weights.ToTensor(layerCodes.Rows);
        var stored = lattice.Bits == 4
            ? Add(stem, string.Empty, name => TensorValues.FromInt4s(name, weights.Shape, tensorCodes))
            : Add(stem, string.Empty, name => TensorValues.FromInt8s(name, weights.Shape, tensorCodes));
        var zeroPoints = lattice.ZeroPoints[..scales.Length];
        var zeroPoint = lattice.Bits == 8 ? Add(stem, "_zero_point", name => TensorValues.FromInt8s(name, scaleShape, zeroPoints))
            : lattice.IsSymmetric ? null
            : Add(stem, "_zero_point", name => TensorValues.FromInt4s(name, scaleShape, zeroPoints));
        node.Input[1] = _names.Make($"{stem}_dequantized");
        nodes.Add(_format.DequantizeLinear(stored, scale, zeroPoint, node.Input[1], perTensor ? null : weights.ChannelAxis));
        if (layer.BiasValues is { } bias && GridOf(layer.Input) is { } grid)
            ReplaceBias(node, $"{layer.Bias}_quantized", bias, grid, lattice.Scales, nodes);
    }

    private void ReplaceBias(NodeProto node, string stem, float[] bias, ActivationGrid grid, float[] weightScales, List<NodeProto> nodes)
    {
        var scales = new float[bias.Length];
        var biasCodes = new int[bias.Length];
        for (var row = 0; row < bias.Length; row++)
        {
            scales[row] = grid.Scale * weightScales[row];
            biasCodes[row] = scales[row] > 0 ? (int)Math.Round((double)bias[row] / scales[row], MidpointRounding.ToEven) : 0;
        }

        var stored = Add(stem, string.Empty, name => TensorValues.FromInt32s(name, [bias.Length], biasCodes));
        var scale = Add(stem, "_scale", name => TensorValues.FromSingles(name, [bias.Length], scales));
        var zeroPoint = Add(stem, "_zero_point", name => TensorValues.FromInt32s(name, [bias.Length], new int[bias.Length]));
        node.Input[2] = _names.Make($"{stem}_dequantized");
        nodes.Add(_format.DequantizeLinear(stored, scale, zeroPoint, node.Input[2], axis: 0));
    }

    private NodeProto Quantize(string value, string activation)
    {
        var (scale, zeroPoint) = GridNames(activation);
        return _format.QuantizeLinear(value, scale, zeroPoint, QuantizedName(activation));
    }

    private NodeProto Dequantize(string activation, string value)
    {
        var (scale, zeroPoint) = GridNames(activation);
        return _format.DequantizeLinear(QuantizedName(activation), scale, zeroPoint, value, axis: null);
    }

    private string QuantizedName(string activation) => _names.For(activation, "_quantized");

    private (string Scale, string ZeroPoint) GridNames(string activation)
    {
        var owner = _activations.GridOwner(activation);
        var scale = _names.For(owner, "_scale");
        var zeroPoint = _names.For(owner, "_zero_point");
        if (!_added.ContainsKey(scale))
        {
            _added.Add(scale, TensorValues.FromSingles(scale, [], [_grids[owner].Scale]));
            _added.Add(zeroPoint, TensorValues.FromUInt8s(zeroPoint, [], [_grids[owner].ZeroPoint]));
        }

        return (scale, zeroPoint);
    }

    private string Add(string stem, string suffix, Func<string, TensorProto> make)
    {
        var name = _names.Make(stem + suffix);
        _added.Add(name, make(name));
        return name;
    }

    private sealed record LayerCodes(WeightLattice Lattice, sbyte[] Rows);
}
