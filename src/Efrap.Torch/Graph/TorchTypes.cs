using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Torch.Graph;

/// <summary>What ONNX's element types are computed in.</summary>
internal static class TorchTypes
{
    /// <summary>The type of torch that holds an ONNX type's values, or null where none does.</summary>
    internal static torch.ScalarType? Of(DataType type) => type switch
    {
        DataType.Float or DataType.Float16 or DataType.Bfloat16 => torch.ScalarType.Float32,
        DataType.Double => torch.ScalarType.Float64,
        DataType.Bool => torch.ScalarType.Bool,
        DataType.Int2 or DataType.Int4 or DataType.Int8 => torch.ScalarType.Int8,
        DataType.Uint2 or DataType.Uint4 or DataType.Uint8 => torch.ScalarType.Byte,
        DataType.Int16 => torch.ScalarType.Int16,
        DataType.Int32 or DataType.Uint16 => torch.ScalarType.Int32,
        DataType.Int64 or DataType.Uint32 or DataType.Uint64 => torch.ScalarType.Int64,
        _ => null,
    };
}
