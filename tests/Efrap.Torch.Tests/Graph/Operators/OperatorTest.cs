using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Tests.Onnx;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Tests.Graph.Operators;

/// <summary>A test that runs a model of one node in ONNX Runtime and in torch.</summary>
public abstract class OperatorTest : TorchTest
{
    /// <summary>Normally distributed values, the same ones in each test.</summary>
    protected static Tensor Normal(params long[] shape) => torch.randn(shape);

    /// <summary>A constant list of integers.</summary>
    protected static TensorProto List(params long[] values) => TensorValues.FromInt64s(string.Empty, [values.Length], values);

    /// <summary>A constant float.</summary>
    protected static TensorProto Scalar(float value) => TensorValues.FromSingles(string.Empty, [], [value]);

    /// <summary>A constant list of floats.</summary>
    protected static TensorProto Floats(params float[] values) => TensorValues.FromSingles(string.Empty, [values.Length], values);

    /// <summary>Compares one node with ONNX Runtime.</summary>
    /// <param name="op">The operator, after its domain and a colon where it is not ONNX's own.</param>
    /// <param name="opset">The version of ONNX's operator set.</param>
    /// <param name="inputs">Each a tensor to feed, a constant, or null for one left out.</param>
    /// <param name="attributes">The node's attributes.</param>
    protected static void AssertAgrees(string op, long opset, object?[] inputs, params (string Name, object Value)[] attributes) =>
        AssertAgrees(op, opset, DataType.Float, 1, inputs, attributes);

    /// <summary>Compares one node with ONNX Runtime.</summary>
    /// <param name="op">The operator, after its domain and a colon where it is not ONNX's own.</param>
    /// <param name="opset">The version of ONNX's operator set.</param>
    /// <param name="type">The outputs' type.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="inputs">Each a tensor to feed, a constant, or null for one left out.</param>
    /// <param name="attributes">The node's attributes.</param>
    protected static void AssertAgrees(
        string op, long opset, DataType type, int outputs, object?[] inputs, params (string Name, object Value)[] attributes)
    {
        var (model, fed) = Model(op, opset, type, outputs, inputs, attributes);
        OrtReference.AssertAgrees(model, fed);
    }

    /// <summary>A model of one node.</summary>
    protected static (ModelProto Model, (string Name, Tensor Value)[] Fed) Model(
        string op, long opset, DataType type, int outputs, object?[] inputs, params (string Name, object Value)[] attributes)
    {
        var builder = new ModelBuilder(opset, ir: opset > 20 ? 10 : 8);
        var fed = new List<(string, Tensor)>();
        var names = inputs.Select((input, i) =>
        {
            switch (input)
            {
                case Tensor tensor:
                    fed.Add(($"x{i}", tensor));
                    return builder.Input($"x{i}", TypeOf(tensor), tensor.shape);
                case TensorProto constant:
                    constant.Name = $"c{i}";
                    return builder.Initializer(constant);
                default:
                    return string.Empty;
            }
        }).ToList();
        var parts = op.Split(':');
        var results = builder.Nodes(parts[^1], names, [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")], attributes);
        var model = builder.Build();
        if (parts.Length > 1)
        {
            model.Graph.Node[0].Domain = parts[0];
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = parts[0], Version = 1 });
        }

        foreach (var result in results)
        {
            var value = ModelBuilder.Value(result, type, []);
            value.Type.TensorType.Shape = null;
            model.Graph.Output.Add(value);
        }

        return (model, [.. fed]);
    }

    private static DataType TypeOf(Tensor tensor) => tensor.dtype switch
    {
        torch.ScalarType.Float32 => DataType.Float,
        torch.ScalarType.Float64 => DataType.Double,
        torch.ScalarType.Int64 => DataType.Int64,
        torch.ScalarType.Int32 => DataType.Int32,
        torch.ScalarType.Byte => DataType.Uint8,
        torch.ScalarType.Bool => DataType.Bool,
        var type => throw new ArgumentException($"no input of {type}", nameof(tensor)),
    };
}
