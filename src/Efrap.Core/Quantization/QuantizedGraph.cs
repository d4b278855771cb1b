using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization;

/// <summary>
/// The quantized form of a graph, written node by node in step with the sweep: a stretch of it can run as soon as its
/// codes and grids are known, and the whole becomes the output model.
/// </summary>
internal sealed class QuantizedGraph
{
    private readonly ModelGraph graph;
    private readonly QuantizationFormat format;
    private readonly ActivationPlan activations;
    private readonly Dictionary<int, QuantizableLayer> layers;
    private readonly Dictionary<int, LayerCodes> codes = [];
    private readonly Dictionary<string, ActivationGrid> grids = [];
    private readonly Dictionary<string, TensorProto> added = [];
    private readonly List<NodeProto> written = [];
    private readonly UniqueNames names;

    /// <summary>Begins the quantized form.</summary>
    internal QuantizedGraph(ModelGraph graph, IEnumerable<QuantizableLayer> layers, ActivationPlan activations, Precision precision)
    {
        this.graph = graph;
        this.activations = activations;
        this.layers = layers.ToDictionary(l => l.NodeIndex);
        format = QuantizationFormat.For(graph.Model, precision);
        names = new UniqueNames(graph);
    }

    /// <summary>Sets the grid that an activation is stored on.</summary>
    internal void SetGrid(string activation, ActivationGrid grid) => grids[activation] = grid;

    /// <summary>The grid that an activation is stored on, or null when it stays float.</summary>
    internal ActivationGrid? GridOf(string activation) =>
        activations.IsQuantized(activation) ? grids[activations.GridOwner(activation)] : null;

    /// <summary>Sets the rounding of a layer.</summary>
    internal void SetCodes(QuantizableLayer layer, WeightLattice lattice, sbyte[] rows) =>
        codes[layer.NodeIndex] = new LayerCodes(lattice, rows);

    /// <summary>A constant of the quantized graph: one that quantization added, or one of the original.</summary>
    internal TensorProto? Constant(string name) => added.GetValueOrDefault(name) ?? graph.Constant(name);

    /// <summary>The names under which an activation of the original graph lives on in the quantized one.</summary>
    internal IEnumerable<string> LiveNames(string activation)
    {
        if (!activations.IsQuantized(activation))
            return [activation];
        var stored = QuantizedName(activation);
        return graph.IsCaptured(activation) ? [stored, activation] : [stored];
    }

    /// <summary>The name that a layer's input has where it is live: of the uint8 codes, or of the float values.</summary>
    internal string StoredName(string activation) => activations.IsQuantized(activation) ? QuantizedName(activation) : activation;

    /// <summary>Writes the quantized form of graph inputs. Called once, first.</summary>
    internal IReadOnlyList<NodeProto> WriteInputs()
    {
        var nodes = new List<NodeProto>();
        foreach (var input in graph.FedInputs.Where(i => activations.IsQuantized(i.Name)))
            nodes.Add(Quantize(input.Name, input.Name));
        written.AddRange(nodes);
        return nodes;
    }

    /// <summary>Writes the quantized form of the nodes from one index up to another. Called once for each stretch, in order.</summary>
    internal IReadOnlyList<NodeProto> Write(int from, int to)
    {
        var nodes = new List<NodeProto>();
        for (var i = from; i < to; i++)
            WriteNode(i, nodes);
        written.AddRange(nodes);
        return nodes;
    }

    /// <summary>The whole quantized model.</summary>
    internal ModelProto ToModel() => QuantizedModel.Assemble(graph, format, written, added.Values);

    private void WriteNode(int index, List<NodeProto> nodes)
    {
        var node = graph.Nodes[index].Clone();
        if (activations.IsFolded(index, node))
        {
            nodes.Add(Quantize(node.Input[0], node.Output[0]));
            Restore(node.Output[0], nodes);
            return;
        }

        var restored = new Dictionary<string, string>();
        for (var i = 0; i < node.Input.Count; i++)
        {
            var name = node.Input[i];
            if (!activations.IsQuantized(name))
                continue;
            if (!restored.TryGetValue(name, out var value))
            {
                value = restored[name] = names.Make($"{name}_dequantized_{index}");
                nodes.Add(Dequantize(name, value));
            }

            node.Input[i] = value;
        }

        if (codes.TryGetValue(index, out var layerCodes))
            ReplaceWeights(node, layers[index], layerCodes, nodes);

        nodes.Add(node);
        for (var i = 0; i < node.Output.Count; i++)
        {
            var name = node.Output[i];
            if (!activations.IsQuantized(name))
                continue;
            if (graph.IsOutput(name) || graph.IsCaptured(name))
                node.Output[i] = names.Make($"{name}_unquantized");
            nodes.Add(Quantize(node.Output[i], name));
            Restore(name, nodes);
        }
    }

    // Graph outputs keep their name and type, and subgraphs are left alone: both see the value under its old name.
    private void Restore(string activation, List<NodeProto> nodes)
    {
        if (graph.IsOutput(activation) || graph.IsCaptured(activation))
            nodes.Add(Dequantize(activation, activation));
    }

    private void ReplaceWeights(NodeProto node, QuantizableLayer layer, LayerCodes layerCodes, List<NodeProto> nodes)
    {
        var lattice = layerCodes.Lattice;
        var weights = layer.Weights;
        var stem = $"{layer.Weight}_quantized";
        var scale = Add(stem, "_scale", name => TensorValues.FromSingles(name, [weights.Rows], lattice.Scales));
        var tensorCodes = weights.ToTensor(layerCodes.Rows);
        var stored = format.WeightBits == 4
            ? Add(stem, string.Empty, name => TensorValues.FromInt4s(name, weights.Shape, tensorCodes))
            : Add(stem, string.Empty, name => TensorValues.FromInt8s(name, weights.Shape, tensorCodes));
        var zeroPoint = format.WeightBits == 4
            ? null
            : Add(stem, "_zero_point", name => TensorValues.FromInt8s(name, [weights.Rows], new sbyte[weights.Rows]));
        node.Input[1] = names.Make($"{stem}_dequantized");
        nodes.Add(format.DequantizeLinear(stored, scale, zeroPoint, node.Input[1], weights.ChannelAxis));
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
        node.Input[2] = names.Make($"{stem}_dequantized");
        nodes.Add(format.DequantizeLinear(stored, scale, zeroPoint, node.Input[2], axis: 0));
    }

    private NodeProto Quantize(string value, string activation)
    {
        var (scale, zeroPoint) = GridNames(activation);
        return format.QuantizeLinear(value, scale, zeroPoint, QuantizedName(activation));
    }

    private NodeProto Dequantize(string activation, string value)
    {
        var (scale, zeroPoint) = GridNames(activation);
        return format.DequantizeLinear(QuantizedName(activation), scale, zeroPoint, value, axis: null);
    }

    private string QuantizedName(string activation) => names.For(activation, "_quantized");

    private (string Scale, string ZeroPoint) GridNames(string activation)
    {
        var owner = activations.GridOwner(activation);
        var scale = names.For(owner, "_scale");
        var zeroPoint = names.For(owner, "_zero_point");
        if (!added.ContainsKey(scale))
        {
            added.Add(scale, TensorValues.FromSingles(scale, [], [grids[owner].Scale]));
            added.Add(zeroPoint, TensorValues.FromUInt8s(zeroPoint, [], [grids[owner].ZeroPoint]));
        }

        return (scale, zeroPoint);
    }

    private string Add(string stem, string suffix, Func<string, TensorProto> make)
    {
        var name = names.Make(stem + suffix);
        added.Add(name, make(name));
        return name;
    }

    private sealed record LayerCodes(WeightLattice Lattice, sbyte[] Rows);
}
