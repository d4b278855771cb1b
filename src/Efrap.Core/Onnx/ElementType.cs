using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Onnx;

/// <summary>Facts about the element types of ONNX tensors.</summary>
public static class ElementType
{
    /// <summary>The width of one element in <c>raw_data</c>.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>Bits: 2 and 4 for the packed types, a multiple of 8 for the others; 0 for strings and unknown types,
    /// which have no raw form.</returns>
    public static int Bits(DataType type) => type switch
    {
        DataType.Int2 or DataType.Uint2 => 2,
        DataType.Int4 or DataType.Uint4 or DataType.Float4E2M1 => 4,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 8,
        DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz or DataType.Float8E8M0 => 8,
        DataType.Int16 or DataType.Uint16 or DataType.Float16 or DataType.Bfloat16 => 16,
        DataType.Int32 or DataType.Uint32 or DataType.Float => 32,
        DataType.Int64 or DataType.Uint64 or DataType.Double or DataType.Complex64 => 64,
        DataType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>The type as ONNX spells it in type strings.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>For example <c>float</c>, <c>uint8</c> or <c>float8e4m3fn</c>; the number of a type that is not known.</returns>
    public static string Name(DataType type) => type.ToString().ToLowerInvariant();

    /// <summary>Whether the type holds whole numbers; bool counts as one.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>True for signed, unsigned and bool.</returns>
    public static bool IsInteger(DataType type) => type is
        DataType.Int2 or DataType.Uint2 or DataType.Int4 or DataType.Uint4 or DataType.Int8 or DataType.Uint8 or DataType.Bool or
        DataType.Int16 or DataType.Uint16 or DataType.Int32 or DataType.Uint32 or DataType.Int64 or DataType.Uint64;

    /// <summary>Whether the type is a floating-point type of 16 bits or more, the ones that arithmetic is done in.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>True for float16, bfloat16, float and double.</returns>
    public static bool IsFloat(DataType type) => type is DataType.Float16 or DataType.Bfloat16 or DataType.Float or DataType.Double;
}
