using System.Runtime.InteropServices;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.AttackLab.Export;

/// <summary>Builds an ONNX graph node by node. Each method returns the name of the value it adds.</summary>
/// <param name="name">The graph's name.</param>
public sealed partial class OnnxGraphBuilder(string name)
{
    /// <summary>The graph so far.</summary>
    public GraphProto Graph { get; } = new() { Name = name };

    /// <summary>Declares an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="dimensions">The size of each axis: a number, or a name where it is open.</param>
    /// <returns>The name.</returns>
    internal string Input(string name, DataType type, params IEnumerable<object> dimensions)
    {
        Graph.Input.Add(Value(name, type, dimensions));
        return name;
    }

    /// <summary>Declares an output of float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">The size of each axis: a number, or a name where it is open.</param>
    public void Output(string name, params IEnumerable<object> dimensions) => Graph.Output.Add(Value(name, DataType.Float, dimensions));

    /// <summary>Adds a two-dimensional convolution.</summary>
    /// <param name="name">The node's name; its weights become <c>name.weight</c>, its bias <c>name.bias</c>.</param>
    /// <param name="input">The input value, [N, C, H, W].</param>
    /// <param name="weight">[output, C / groups, kernel, kernel].</param>
    /// <param name="bias">[output].</param>
    /// <param name="stride">The stride of both axes.</param>
    /// <param name="padding">The padding of all four sides.</param>
    /// <param name="groups">The number of groups.</param>
    /// <returns>The output value.</returns>
    public string Convolution(string name, string input, Constant weight, Constant bias, int stride, int padding, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Node(
            "Conv",
            name,
            [input, Initializer($"{name}.weight", weight), Initializer($"{name}.bias", bias)],
            null,
            Integers("dilations", 1, 1),
            Integer("group", groups),
            Integers("kernel_shape", weight.Dimensions[2], weight.Dimensions[3]),
            Integers("pads", padding, padding, padding, padding),
            Integers("strides", stride, stride));
    }

    /// <summary>Adds a fully connected layer.</summary>
    /// <param name="name">The node's name; its weights become <c>name.weight</c>, its bias <c>name.bias</c>.</param>
    /// <param name="input">The input value, [N, K].</param>
    /// <param name="weight">[output, K].</param>
    /// <param name="bias">[output].</param>
    /// <param name="output">The name of the output value; null to have one made.</param>
    /// <returns>The output value.</returns>
    public string Gemm(string name, string input, Constant weight, Constant bias, string? output) => Node(
        "Gemm",
        name,
        [input, Initializer($"{name}.weight", weight), Initializer($"{name}.bias", bias)],
        output,
        Integer("transB", 1));

    /// <summary>Adds a rectifier.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value.</param>
    /// <returns>The output value.</returns>
    public string Relu(string name, string input) => Node("Relu", name, [input], null);

    /// <summary>Adds a sum of two values of the same shape.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    /// <returns>The output value.</returns>
    public string Add(string name, string left, string right) => Node("Add", name, [left, right], null);

    /// <summary>Adds the largest of each 2×2 pixels.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value, [N, C, H, W].</param>
    /// <returns>The output value, of half the height and width.</returns>
    public string MaxPool(string name, string input) =>
        Node("MaxPool", name, [input], null, Integers("kernel_shape", 2, 2), Integers("strides", 2, 2));

    /// <summary>Adds the mean over height and width.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value, [N, C, H, W].</param>
    /// <returns>The output value, [N, C, 1, 1].</returns>
    public string GlobalAveragePool(string name, string input) => Node("GlobalAveragePool", name, [input], null);

    /// <summary>Joins all axes but the first.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value.</param>
    /// <returns>The output value, of rank 2.</returns>
    public string Flatten(string name, string input) => Node("Flatten", name, [input], null, Integer("axis", 1));

    private string Initializer(string name, Constant constant) =>
        Initializer(name, DataType.Float, constant.Dimensions, MemoryMarshal.AsBytes(constant.Values.AsSpan()));

    private string Initializer(string name, DataType type, long[] dimensions, ReadOnlySpan<byte> values)
    {
        Graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)type, Dims = { dimensions }, RawData = ByteString.CopyFrom(values) });
        return name;
    }

    private string Node(string type, string name, string[] inputs, string? output, params AttributeProto[] attributes)
    {
        output ??= $"{name}.output";
        Graph.Node.Add(new NodeProto
        {
            OpType = type,
            Name = name,
            Input = { inputs },
            Output = { output },
            Attribute = { attributes },
        });
        return output;
    }

    private static AttributeProto Integer(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Number(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static AttributeProto Integers(string name, params long[] values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    private static ValueInfoProto Value(string name, DataType type, IEnumerable<object> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var size in dimensions)
        {
            shape.Dim.Add(size is string symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(size, null) });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
