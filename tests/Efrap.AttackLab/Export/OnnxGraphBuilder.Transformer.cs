using System.Runtime.InteropServices;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.AttackLab.Export;

/// <content>What a transformer needs beyond convolutions, as exporters of today write it for operator set 17.</content>
public sealed partial class OnnxGraphBuilder
{
    /// <summary>Looks rows of a table up.</summary>
    /// <param name="name">The node's name; the table becomes <c>name.weight</c>.</param>
    /// <param name="input">The rows' numbers, int64.</param>
    /// <param name="table">[rows, K].</param>
    /// <returns>The output value, with an axis of K added.</returns>
    public string Gather(string name, string input, Constant table) =>
        Node("Gather", name, [Initializer($"{name}.weight", table), input], null, Integer("axis", 0));

    /// <summary>Adds a constant.</summary>
    /// <param name="name">The node's name; the constant becomes <c>name.constant</c>.</param>
    /// <param name="input">The input value.</param>
    /// <param name="constant">Broadcast to the input's shape.</param>
    /// <returns>The output value.</returns>
    public string Add(string name, string input, Constant constant) => Binary("Add", name, input, constant);

    /// <summary>Multiplies by a constant.</summary>
    /// <param name="name">The node's name; the constant becomes <c>name.constant</c>.</param>
    /// <param name="input">The input value.</param>
    /// <param name="constant">Broadcast to the input's shape.</param>
    /// <returns>The output value.</returns>
    public string Multiply(string name, string input, Constant constant) => Binary("Mul", name, input, constant);

    /// <summary>Adds a fully connected layer over the last of several axes.</summary>
    /// <param name="name">The product's name; its weights become <c>name.weight</c>, its bias <c>name.bias.constant</c>.</param>
    /// <param name="input">The input value, [N, …, K].</param>
    /// <param name="weight">[output, K].</param>
    /// <param name="bias">[output].</param>
    /// <returns>The output value, [N, …, output].</returns>
    public string Linear(string name, string input, Constant weight, Constant bias)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var product = Node("MatMul", name, [input, Initializer($"{name}.weight", Transposed(weight))], null);
        return Add($"{name}.bias", product, bias);
    }

    /// <summary>Adds a product of two computed values.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="left">[…, M, K].</param>
    /// <param name="right">[…, K, N].</param>
    /// <returns>The output value, […, M, N].</returns>
    public string Product(string name, string left, string right) => Node("MatMul", name, [left, right], null);

    /// <summary>Adds a normalization of the last axis.</summary>
    /// <param name="name">The node's name; its parameters become <c>name.gain</c> and <c>name.shift</c>.</param>
    /// <param name="input">The input value.</param>
    /// <param name="gain">[K].</param>
    /// <param name="shift">[K].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>The output value.</returns>
    public string LayerNormalization(string name, string input, Constant gain, Constant shift, float epsilon) => Node(
        "LayerNormalization",
        name,
        [input, Initializer($"{name}.gain", gain), Initializer($"{name}.shift", shift)],
        null,
        Integer("axis", -1),
        Number("epsilon", epsilon));

    /// <summary>Adds the Gaussian error linear unit, <c>x·(1 + erf(x/√2))/2</c>.</summary>
    /// <param name="name">The nodes' stem.</param>
    /// <param name="input">The input value.</param>
    /// <returns>The output value.</returns>
    public string Gelu(string name, string input)
    {
        var error = Node("Erf", $"{name}.erf", [Multiply($"{name}.scaled", input, Scalar(MathF.Sqrt(0.5f)))], null);
        var product = Node("Mul", $"{name}.product", [input, Add($"{name}.shifted", error, Scalar(1))], null);
        return Multiply(name, product, Scalar(0.5f));
    }

    /// <summary>Adds an exponential share over the last axis.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value.</param>
    /// <returns>The output value.</returns>
    public string Softmax(string name, string input) => Node("Softmax", name, [input], null, Integer("axis", -1));

    /// <summary>Adds a change of shape.</summary>
    /// <param name="name">The node's name; the shape becomes <c>name.shape</c>.</param>
    /// <param name="input">The input value.</param>
    /// <param name="shape">The new shape; 0 keeps an axis, −1 is computed.</param>
    /// <returns>The output value.</returns>
    public string Reshape(string name, string input, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var constant = Initializer($"{name}.shape", DataType.Int64, [shape.Length], MemoryMarshal.AsBytes(shape.AsSpan()));
        return Node("Reshape", name, [input, constant], null);
    }

    /// <summary>Adds an exchange of axes.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value.</param>
    /// <param name="order">The input's axis for each axis of the output.</param>
    /// <returns>The output value.</returns>
    public string Transpose(string name, string input, params long[] order) => Node("Transpose", name, [input], null, Integers("perm", order));

    /// <summary>Adds the mean over one axis, which goes.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">The input value.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>The output value.</returns>
    public string Mean(string name, string input, long axis) =>
        Node("ReduceMean", name, [input], null, Integers("axes", axis), Integer("keepdims", 0));

    private string Binary(string type, string name, string input, Constant constant) =>
        Node(type, name, [input, Initializer($"{name}.constant", constant)], null);

    private static Constant Scalar(float value) => new([], [value]);

    private static Constant Transposed(Constant matrix)
    {
        var (rows, columns) = ((int)matrix.Dimensions[0], (int)matrix.Dimensions[1]);
        var values = new float[matrix.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = matrix.Values[(i % rows * columns) + (i / rows)];
        return new Constant([columns, rows], values);
    }
}
