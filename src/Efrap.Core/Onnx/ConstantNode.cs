using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>The value of a <c>Constant</c> node as a tensor.</summary>
internal static class ConstantNode
{
    /// <summary>The tensor, or null for the forms that hold no numbers (strings, sparse tensors).</summary>
    internal static TensorProto? ValueOf(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            switch (attribute.Name)
            {
                case "value":
                    return attribute.T;
                case "value_float":
                    return new TensorProto { DataType = (int)TensorProto.Types.DataType.Float, FloatData = { attribute.F } };
                case "value_int":
                    return new TensorProto { DataType = (int)TensorProto.Types.DataType.Int64, Int64Data = { attribute.I } };
                case "value_floats":
                    return new TensorProto
                    {
                        DataType = (int)TensorProto.Types.DataType.Float,
                        Dims = { attribute.Floats.Count },
                        FloatData = { attribute.Floats },
                    };
                case "value_ints":
                    return new TensorProto
                    {
                        DataType = (int)TensorProto.Types.DataType.Int64,
                        Dims = { attribute.Ints.Count },
                        Int64Data = { attribute.Ints },
                    };
                default:
                    break;
            }
        }

        return null;
    }
}
