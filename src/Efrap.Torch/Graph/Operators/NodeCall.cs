using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>One computation of a node: its attributes, and the values of its inputs.</summary>
/// <param name="graph">The graph.</param>
/// <param name="node">The node.</param>
/// <param name="inputs">The values, null where an optional one is left out.</param>
internal sealed class NodeCall(ModelGraph graph, NodeProto node, IReadOnlyList<Tensor?> inputs)
{
    // No tensor has as many axes. A longer list is no shape, and need not be read to know that.
    private const int MostAxes = 64;

    /// <summary>The node.</summary>
    internal NodeProto Node => node;

    /// <summary>The graph that the node belongs to.</summary>
    internal ModelGraph Graph => graph;

    /// <summary>The version of ONNX's operator set.</summary>
    internal long Opset { get; } = graph.Model.Opset;

    /// <summary>The number of inputs, those left out at the end not counted.</summary>
    internal int Count => inputs.Count;

    /// <summary>An input that must be there.</summary>
    internal Tensor this[int index] =>
        Optional(index) ?? throw new InvalidDataException($"it has no input {index + 1}");

    /// <summary>All inputs, none left out.</summary>
    internal Tensor[] All => [.. Enumerable.Range(0, inputs.Count).Select(i => this[i])];

    /// <summary>An input that may be left out.</summary>
    internal Tensor? Optional(int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>An integer attribute.</summary>
    internal long Integer(string name, long absent) => node.Integer(name, absent);

    /// <summary>A float attribute.</summary>
    internal float Single(string name, float absent) => node.Single(name, absent);

    /// <summary>A string attribute.</summary>
    internal string Text(string name, string absent) => node.Text(name, absent);

    /// <summary>A list of integers, or null when the node does not have it.</summary>
    internal long[]? Integers(string name) => node.Integers(name) is { } list ? [.. list] : null;

    /// <summary>A list of one integer for each of some axes, all the same where the node does not have it.</summary>
    internal long[] PerAxis(string name, int axes, long absent)
    {
        var values = Integers(name) ?? [.. Enumerable.Repeat(absent, axes)];
        return values.Length == axes ? values : throw new InvalidDataException($"`{name}` has {values.Length} values for {axes} axes");
    }

    /// <summary>The integers that an input holds, which lists sizes or axes; null when it is left out.</summary>
    internal long[]? List(int index)
    {
        if (Optional(index) is not { } input)
            return null;
        if (input.numel() > MostAxes)
            throw new InvalidDataException($"its input {index + 1} lists {input.numel()} axes");
        using var values = input.to_type(torch.ScalarType.Int64).flatten();
        return [.. values.data<long>()];
    }

    /// <summary>A list that later versions of an operator take as an input and earlier ones as an attribute.</summary>
    internal long[]? List(int index, string attribute) => List(index) ?? Integers(attribute);

    /// <summary>An axis counted from the front.</summary>
    internal static long Axis(long axis, long rank) =>
        axis >= -rank && axis < Math.Max(rank, 1) ? (axis < 0 ? axis + rank : axis)
            : throw new InvalidDataException($"there is no axis {axis} in a tensor of {rank} axes");
}
