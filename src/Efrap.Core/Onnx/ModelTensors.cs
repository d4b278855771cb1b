using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>A tensor and where it stands.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Node">The node whose attribute it is, or null.</param>
internal readonly record struct PlacedTensor(TensorProto Tensor, NodeProto? Node)
{
    /// <summary>Names the tensor in a message.</summary>
    public override string ToString() =>
        Tensor.Name.Length > 0 ? $"the tensor '{DisplayName.Of(Tensor.Name)}'"
        : Node is null ? "a tensor without a name"
        : $"a tensor of the {DisplayName.Of(Node.OpType)} node '{DisplayName.Of(Node.Name)}'";
}

/// <summary>A sparse tensor and where it stands.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Node">The node whose attribute it is, or null.</param>
internal readonly record struct PlacedSparseTensor(SparseTensorProto Tensor, NodeProto? Node);

/// <summary>Every tensor in a model, wherever the format lets one stand.</summary>
internal sealed class ModelTensors
{
    private readonly List<PlacedTensor> _tensors = [];
    private readonly List<PlacedSparseTensor> _sparse = [];

    private ModelTensors()
    {
    }

    /// <summary>The tensors, those that make up sparse tensors included.</summary>
    public IReadOnlyList<PlacedTensor> Tensors => _tensors;

    /// <summary>The sparse tensors.</summary>
    public IReadOnlyList<PlacedSparseTensor> Sparse => _sparse;

    /// <summary>
    /// Collects initializers, attributes, subgraphs, functions and training graphs. Goes as deep as the model is nested,
    /// which protobuf's limit of 100 messages bounds for one that was read.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <returns>The tensors.</returns>
    public static ModelTensors Of(ModelProto model)
    {
        var all = new ModelTensors();
        all.AddGraph(model.Graph);
        foreach (var training in model.TrainingInfo)
        {
            all.AddGraph(training.Initialization);
            all.AddGraph(training.Algorithm);
        }

        foreach (var function in model.Functions)
        {
            all.AddNodes(function.Node);
            foreach (var attribute in function.AttributeProto)
                all.AddAttribute(attribute, node: null);
        }

        return all;
    }

    private void AddGraph(GraphProto? graph)
    {
        if (graph is null)
            return;
        foreach (var tensor in graph.Initializer)
            AddTensor(tensor, node: null);
        foreach (var sparse in graph.SparseInitializer)
            AddSparse(sparse, node: null);
        AddNodes(graph.Node);
    }

    private void AddNodes(IEnumerable<NodeProto> nodes)
    {
        foreach (var node in nodes)
        {
            foreach (var attribute in node.Attribute)
                AddAttribute(attribute, node);
        }
    }

    private void AddAttribute(AttributeProto attribute, NodeProto? node)
    {
        AddTensor(attribute.T, node);
        foreach (var tensor in attribute.Tensors)
            AddTensor(tensor, node);
        AddSparse(attribute.SparseTensor, node);
        foreach (var sparse in attribute.SparseTensors)
            AddSparse(sparse, node);
        AddGraph(attribute.G);
        foreach (var graph in attribute.Graphs)
            AddGraph(graph);
    }

    private void AddSparse(SparseTensorProto? sparse, NodeProto? node)
    {
        if (sparse is null)
            return;
        _sparse.Add(new(sparse, node));
        AddTensor(sparse.Values, node);
        AddTensor(sparse.Indices, node);
    }

    private void AddTensor(TensorProto? tensor, NodeProto? node)
    {
        if (tensor is not null)
            _tensors.Add(new(tensor, node));
    }
}
