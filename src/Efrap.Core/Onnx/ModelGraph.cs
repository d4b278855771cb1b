using Efrap.Core.Onnx.Proto;
using Google.Protobuf.Collections;

namespace Efrap.Core.Onnx;

/// <summary>
/// A read-only view of a model's main graph: its nodes in an order in which they can run, who produces and who reads
/// each value, and which values are constants. Subgraphs (<c>If</c>, <c>Loop</c>, <c>Scan</c>) are seen, in that the
/// values they capture count as read by their node, and otherwise left alone.
/// </summary>
/// <remarks>The view is of the message as it was on construction; make a new one after a change.</remarks>
public sealed class ModelGraph
{
    private readonly Dictionary<string, TensorProto> _constants = [];
    private readonly Dictionary<string, int> _producers = [];
    private readonly Dictionary<string, List<int>> _consumers = [];
    private readonly HashSet<string> _captured = [];
    private readonly HashSet<string> _outputs;
    private readonly HashSet<string> _sources = [];
    private readonly IReadOnlyList<string>[] _reads;
    private readonly bool[] _constantNodes;

    /// <summary>Makes the view and checks that the graph is valid.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.GraphInvalid"/>: a cycle, a value that nothing produces, a
    /// value produced twice, or graphs nested deeper than 32.</exception>
    public ModelGraph(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        var graph = model.Proto.Graph;
        foreach (var initializer in graph.Initializer)
            _constants[initializer.Name] = initializer;
        foreach (var name in graph.Input.Select(i => i.Name)
            .Concat(graph.Initializer.Select(i => i.Name))
            .Concat(graph.SparseInitializer.Select(s => s.Values?.Name ?? string.Empty)))
        {
            _sources.Add(name);
        }

        _outputs = [.. graph.Output.Select(o => o.Name)];
        Nodes = Sort(graph.Node, out _reads);
        _constantNodes = new bool[Nodes.Count];
        for (var i = 0; i < Nodes.Count; i++)
        {
            foreach (var output in Nodes[i].Output.Where(o => o.Length > 0))
                _producers[output] = i;
            foreach (var name in _reads[i])
                (_consumers.TryGetValue(name, out var list) ? list : _consumers[name] = []).Add(i);
            _captured.UnionWith(Captures.CapturedBy(Nodes[i], model.Path));
            RecordConstant(i);
        }

        foreach (var output in _outputs.Where(o => !_producers.ContainsKey(o) && !_sources.Contains(o)))
            throw Invalid($"the graph's output `{output}` is produced by no node");
    }

    /// <summary>The model viewed.</summary>
    public OnnxModel Model { get; }

    /// <summary>The nodes of the main graph in a topological order: the file's own wherever that is one.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>The inputs that a caller feeds: graph inputs that have no initializer.</summary>
    public IEnumerable<ValueInfoProto> FedInputs => Model.Proto.Graph.Input.Where(i => !_constants.ContainsKey(i.Name));

    /// <summary>The constant behind a name: an initializer, the value of a <c>Constant</c> node, or one behind <c>Identity</c>.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>The tensor, or null when the value is computed, fed, sparse, or does not exist.</returns>
    public TensorProto? Constant(string name) => _constants.GetValueOrDefault(name);

    /// <summary>Whether a node only hands on constants, so that it belongs to no place in the order of execution.</summary>
    /// <param name="index">The node's index in <see cref="Nodes"/>.</param>
    /// <returns>True for <c>Constant</c> and for <c>Identity</c> of a constant.</returns>
    public bool IsConstantNode(int index) => _constantNodes[index];

    /// <summary>Whether a value is an initializer or a graph input: something that no node produces.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>True when no node produces it.</returns>
    public bool IsSource(string name) => _sources.Contains(name);

    /// <summary>The index of the node that produces a value.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>The index in <see cref="Nodes"/>, or −1 for graph inputs and initializers.</returns>
    public int Producer(string name) => _producers.TryGetValue(name, out var index) ? index : -1;

    /// <summary>The indices of the nodes that read a value, directly or by capture in a subgraph, in order.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>Indices in <see cref="Nodes"/>; a node that reads the value twice stands once.</returns>
    public IReadOnlyList<int> Consumers(string name) => _consumers.TryGetValue(name, out var list) ? list : [];

    /// <summary>The values that a node reads: its inputs, and what its subgraphs capture. Each stands once.</summary>
    /// <param name="index">The node's index in <see cref="Nodes"/>.</param>
    /// <returns>Names, none empty.</returns>
    public IReadOnlyList<string> Reads(int index) => _reads[index];

    /// <summary>Whether a value is an output of the graph.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>True for an output.</returns>
    public bool IsOutput(string name) => _outputs.Contains(name);

    /// <summary>Whether some subgraph captures a value.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>True when it is captured.</returns>
    public bool IsCaptured(string name) => _captured.Contains(name);

    /// <summary>The number of axes of a value, as far as the model declares it.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>The rank, or null when the model does not say.</returns>
    public int? RankOf(string name) =>
        Model.Proto.Graph.Input.Concat(Model.Proto.Graph.ValueInfo).Concat(Model.Proto.Graph.Output)
            .FirstOrDefault(v => v.Name == name)?.Type?.TensorType?.Shape?.Dim.Count;

    /// <summary>How a node is called in messages: its name, or its operator and position where it has none.</summary>
    /// <param name="index">The node's index in <see cref="Nodes"/>.</param>
    /// <returns>For example <c>/layer1/Conv</c> or <c>Conv#4</c>.</returns>
    public string DisplayName(int index) => Nodes[index].Name is { Length: > 0 } name ? name : $"{Nodes[index].OpType}#{index}";

    private List<NodeProto> Sort(RepeatedField<NodeProto> nodes, out IReadOnlyList<string>[] sortedReads)
    {
        var producer = new Dictionary<string, int>();
        var unsortedReads = new IReadOnlyList<string>[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            unsortedReads[i] = Captures.ReadsOf(nodes[i], Model.Path);
            foreach (var output in nodes[i].Output.Where(o => o.Length > 0))
            {
                if (_sources.Contains(output) || !producer.TryAdd(output, i))
                    throw Invalid($"the value `{output}` is defined twice");
            }
        }

        var readers = new List<int>[nodes.Count];
        var waiting = new int[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var name in unsortedReads[i])
            {
                if (producer.TryGetValue(name, out var p))
                {
                    (readers[p] ??= []).Add(i);
                    waiting[i]++;
                }
                else if (!_sources.Contains(name))
                {
                    throw Invalid($"node `{nodes[i].Name}` ({nodes[i].OpType}) reads `{name}`, which nothing produces");
                }
            }
        }

        // The smallest index first: an order that is already topological comes out as it was.
        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, nodes.Count).Where(i => waiting[i] == 0).Select(i => (i, i)));
        var sorted = new List<int>(nodes.Count);
        while (ready.TryDequeue(out var next, out _))
        {
            sorted.Add(next);
            foreach (var reader in readers[next] ?? [])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
            }
        }

        if (sorted.Count < nodes.Count)
            throw Invalid($"{nodes.Count - sorted.Count} nodes wait for each other in a cycle");
        sortedReads = [.. sorted.Select(i => unsortedReads[i])];
        return [.. sorted.Select(i => nodes[i])];
    }

    private void RecordConstant(int index)
    {
        var node = Nodes[index];
        if (node.Domain is not ("" or "ai.onnx"))
            return;
        var value = node.OpType switch
        {
            "Constant" => ConstantNode.ValueOf(node),
            "Identity" when node.Input.Count == 1 => Constant(node.Input[0]),
            _ => null,
        };
        _constantNodes[index] = value is not null || node.OpType == "Constant";
        if (value is not null && node.Output.Count == 1)
            _constants[node.Output[0]] = value;
    }

    private EfrapException Invalid(string what) =>
        new(EfrapCode.GraphInvalid, $"the graph is not valid: {what}; export the model again.", Model.Path);
}
