using System.Runtime.InteropServices;
using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph;

/// <summary>A graph's constants as torch tensors.</summary>
internal static class GraphConstants
{
    /// <summary>Initializers, and the values of <c>Constant</c> nodes, by name.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.OperatorNotDifferentiable"/> for a type that torch does not have,
    /// <see cref="EfrapCode.TensorInconsistent"/> for values that do not fit the shape.</exception>
    internal static Dictionary<string, Tensor> Load(ModelGraph graph)
    {
        var constants = new Dictionary<string, Tensor>();
        var done = false;
        try
        {
            var names = graph.Model.Proto.Graph.Initializer.Select(i => i.Name)
                .Concat(graph.Nodes.Where(n => n.OpType == "Constant" && n.Output.Count == 1).Select(n => n.Output[0]));
            foreach (var name in names.Distinct())
            {
                if (graph.Constant(name) is { } tensor)
                    constants.Add(name, ToTorch(tensor, graph.Model.Path).DetachFromDisposeScope());
            }

            done = true;
            return constants;
        }
        finally
        {
            foreach (var constant in done ? [] : constants.Values.AsEnumerable())
                constant.Dispose();
        }
    }

    /// <summary>One constant.</summary>
    internal static Tensor ToTorch(TensorProto tensor, string file)
    {
        var type = (DataType)tensor.DataType;
        if (TorchTypes.Of(type) is not { } torchType)
        {
            throw new EfrapException(
                EfrapCode.OperatorNotDifferentiable,
                $"the constant `{DisplayName.Of(tensor.Name)}` is of type {ElementType.Name(type)}, which cannot be computed with here.",
                file);
        }

        using var scope = torch.NewDisposeScope();
        long[] dims = [.. tensor.Dims];
        var values = type == DataType.Double ? torch.tensor(Doubles(tensor))
            : ElementType.IsFloat(type) ? torch.tensor(TensorValues.ToSingles(tensor))
            : torch.tensor(TensorValues.ToInt64s(tensor)).to_type(torchType);
        return values.reshape(dims).MoveToOuterDisposeScope();
    }

    private static double[] Doubles(TensorProto tensor) =>
        tensor.HasRawData ? MemoryMarshal.Cast<byte, double>(tensor.RawData.Span).ToArray() : [.. tensor.DoubleData];
}
