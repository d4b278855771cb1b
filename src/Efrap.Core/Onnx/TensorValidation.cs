using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Onnx;

/// <summary>Checks that tensors hold what they declare: no reader after this one needs to doubt a shape.</summary>
internal static class TensorValidation
{
    /// <summary>Checks one dense tensor, whose values must lie in the message.</summary>
    /// <param name="placed">The tensor.</param>
    /// <returns>What is wrong with it, as the end of a sentence, or null.</returns>
    public static string? Fault(PlacedTensor placed)
    {
        var tensor = placed.Tensor;
        var type = (DataType)tensor.DataType;
        if (tensor.Segment is not null)
            return "is cut into segments, which is not supported";
        if (TensorValues.ElementCount(tensor.Dims) is not { } count)
            return $"has the impossible shape {Shape(tensor.Dims)}";
        if (type != DataType.String && ElementType.Bits(type) == 0)
            return $"has the element type {tensor.DataType}, which is not known";

        var fields = FieldsInUse(tensor);
        if (tensor.HasRawData)
        {
            if (fields > 0)
                return "holds its values twice, raw and typed";
            return RawBytes(type, count) is { } expected && expected == tensor.RawData.Length
                ? null
                : $"is declared {ElementType.Name(type)} {Shape(tensor.Dims)} and holds {tensor.RawData.Length} bytes";
        }

        var held = TypedLength(tensor, type);
        return fields > (held > 0 ? 1 : 0)
            ? "holds values in a field that does not belong to its type"
            : TypedCount(type, count) == held
                ? null
                : $"is declared {ElementType.Name(type)} {Shape(tensor.Dims)} and holds {held} values";
    }

    /// <summary>Checks one sparse tensor; its parts are checked as dense ones besides.</summary>
    /// <param name="sparse">The tensor.</param>
    /// <returns>What is wrong with it, as the end of a sentence, or null.</returns>
    public static string? Fault(SparseTensorProto sparse)
    {
        if (TensorValues.ElementCount(sparse.Dims) is not { } count)
            return $"has the impossible shape {Shape(sparse.Dims)}";
        if (sparse.Values is null || sparse.Indices is null)
            return "lacks its values or its indices";
        if (sparse.Values.Dims.Count != 1)
            return "has values that are not a list";
        var entries = sparse.Values.Dims[0];
        var flat = sparse.Indices.Dims.Count == 1 && sparse.Indices.Dims[0] == entries;
        var perAxis = sparse.Indices.Dims.Count == 2 && sparse.Indices.Dims[0] == entries && sparse.Indices.Dims[1] == sparse.Dims.Count;
        if ((!flat && !perAxis) || !ElementType.IsInteger((DataType)sparse.Indices.DataType))
            return "has indices that do not fit its values";
        var indices = TensorValues.ToInt64s(sparse.Indices);
        for (var i = 0; i < indices.Length; i++)
        {
            var size = flat ? count : sparse.Dims[i % sparse.Dims.Count];
            if (indices[i] < 0 || indices[i] >= size)
                return $"has an index {indices[i]} outside its shape {Shape(sparse.Dims)}";
        }

        return null;
    }

    /// <summary>The length of <c>raw_data</c>.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="count">The number of elements.</param>
    /// <returns>Bytes; null for types without a raw form and for counts whose bytes cannot be counted.</returns>
    public static long? RawBytes(DataType type, long count)
    {
        var bits = ElementType.Bits(type);
        if (bits == 0)
            return null;
        var perByte = Math.Max(1, 8 / bits);
        var size = Math.Max(1, bits / 8);
        var units = (count / perByte) + (count % perByte == 0 ? 0 : 1);
        return units <= long.MaxValue / size ? units * size : null;
    }

    /// <summary>The bytes that a sparse tensor takes once its zeros are written out.</summary>
    /// <param name="sparse">The tensor.</param>
    /// <returns>Bytes, or null when they cannot be counted.</returns>
    public static long? DenseBytes(SparseTensorProto sparse)
    {
        if (sparse.Values is null || TensorValues.ElementCount(sparse.Dims) is not { } count)
            return null;
        var type = (DataType)sparse.Values.DataType;
        return type == DataType.String ? count : RawBytes(type, count);
    }

    /// <summary>Whether any of the typed fields holds a value.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>True when one does.</returns>
    public static bool HasTypedValues(TensorProto tensor) => FieldsInUse(tensor) > 0;

    /// <summary>A shape as messages show it.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <returns>For example <c>[1,3,32,32]</c>.</returns>
    public static string Shape(IReadOnlyList<long> dims) =>
        $"[{string.Join(',', dims.Take(16))}{(dims.Count > 16 ? ",…" : string.Empty)}]";

    private static int FieldsInUse(TensorProto tensor) =>
        (tensor.FloatData.Count > 0 ? 1 : 0) + (tensor.Int32Data.Count > 0 ? 1 : 0) + (tensor.StringData.Count > 0 ? 1 : 0) +
        (tensor.Int64Data.Count > 0 ? 1 : 0) + (tensor.DoubleData.Count > 0 ? 1 : 0) + (tensor.Uint64Data.Count > 0 ? 1 : 0);

    private static int TypedLength(TensorProto tensor, DataType type) => type switch
    {
        DataType.Float or DataType.Complex64 => tensor.FloatData.Count,
        DataType.Double or DataType.Complex128 => tensor.DoubleData.Count,
        DataType.Int64 => tensor.Int64Data.Count,
        DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count,
        DataType.String => tensor.StringData.Count,
        _ => tensor.Int32Data.Count,
    };

    // Sub-byte types fill each int32 with one byte of packed values; complex numbers take two values each.
    private static long? TypedCount(DataType type, long count) => type switch
    {
        DataType.Complex64 or DataType.Complex128 => count <= long.MaxValue / 2 ? count * 2 : null,
        DataType.String => count,
        _ => ElementType.Bits(type) < 8 ? RawBytes(type, count) : count,
    };
}
