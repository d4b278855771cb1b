using System.Numerics;
using System.Runtime.InteropServices;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Onnx;

/// <summary>The values of a tensor, wherever in the message they lie, and tensors from values.</summary>
public static class TensorValues
{
    /// <summary>The number of elements that the dimensions declare: their product, 1 for a scalar.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The count.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.TensorInconsistent"/>: a negative dimension, or a product beyond 2⁶³−1.</exception>
    public static long ElementCount(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return ElementCount(tensor.Dims)
            ?? throw Inconsistent(tensor, "has a negative dimension or more elements than can be counted");
    }

    /// <summary>The values of a floating-point tensor, in C order.</summary>
    /// <param name="tensor">A tensor of float, float16, bfloat16 or double; the last is rounded to float.</param>
    /// <returns>A new array, as long as the tensor has elements.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.TensorInconsistent"/>: another type, or not as many values as declared.</exception>
    public static float[] ToSingles(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var count = ArrayLength(tensor);
        var values = (DataType)tensor.DataType switch
        {
            DataType.Float => tensor.HasRawData ? Raw<float>(tensor, count) : [.. tensor.FloatData],
            DataType.Double => Array.ConvertAll(tensor.HasRawData ? Raw<double>(tensor, count) : [.. tensor.DoubleData], v => (float)v),
            DataType.Float16 => Array.ConvertAll(Halves(tensor, count), v => (float)BitConverter.UInt16BitsToHalf(v)),
            DataType.Bfloat16 => Array.ConvertAll(Halves(tensor, count), v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
            var type => throw Inconsistent(tensor, $"is of type {ElementType.Name(type)} where floating-point values are needed"),
        };
        return Counted(tensor, values, count);
    }

    /// <summary>The values of an integer tensor, in C order; bool gives 0 and 1.</summary>
    /// <param name="tensor">A tensor of bool or of a signed or unsigned integer type of 2 to 64 bits.</param>
    /// <returns>A new array, as long as the tensor has elements.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.TensorInconsistent"/>: another type, not as many values as declared,
    /// or a value outside its type's range.</exception>
    public static long[] ToInt64s(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var count = ArrayLength(tensor);
        var raw = tensor.HasRawData;
        var values = (DataType)tensor.DataType switch
        {
            DataType.Int64 => raw ? Raw<long>(tensor, count) : [.. tensor.Int64Data],
            DataType.Uint64 => Widen(tensor, raw ? Raw<ulong>(tensor, count) : [.. tensor.Uint64Data], long.MaxValue),
            DataType.Uint32 => raw ? Widen(Raw<uint>(tensor, count)) : Widen(tensor, [.. tensor.Uint64Data], uint.MaxValue),
            DataType.Int32 => Widen(raw ? Raw<int>(tensor, count) : [.. tensor.Int32Data]),
            DataType.Int16 => raw ? Widen(Raw<short>(tensor, count)) : Typed(tensor, short.MinValue, short.MaxValue),
            DataType.Uint16 => raw ? Widen(Raw<ushort>(tensor, count)) : Typed(tensor, ushort.MinValue, ushort.MaxValue),
            DataType.Int8 => raw ? Widen(Raw<sbyte>(tensor, count)) : Typed(tensor, sbyte.MinValue, sbyte.MaxValue),
            DataType.Uint8 => raw ? Widen(Raw<byte>(tensor, count)) : Typed(tensor, byte.MinValue, byte.MaxValue),
            DataType.Bool => raw ? Array.ConvertAll(Raw<byte>(tensor, count), v => v == 0 ? 0L : 1L) : Typed(tensor, 0, 1),
            DataType.Int4 => Unpack(tensor, count, bits: 4, signed: true),
            DataType.Uint4 => Unpack(tensor, count, bits: 4, signed: false),
            DataType.Int2 => Unpack(tensor, count, bits: 2, signed: true),
            DataType.Uint2 => Unpack(tensor, count, bits: 2, signed: false),
            var type => throw Inconsistent(tensor, $"is of type {ElementType.Name(type)} where integers are needed"),
        };
        return Counted(tensor, values, count);
    }

    /// <summary>Makes a float tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dims">Its dimensions; none for a scalar.</param>
    /// <param name="values">Its values, in C order.</param>
    /// <returns>The tensor, values in <c>raw_data</c>.</returns>
    /// <exception cref="ArgumentException">Not as many values as the dimensions declare.</exception>
    public static TensorProto FromSingles(string name, IReadOnlyList<long> dims, ReadOnlySpan<float> values) =>
        Make(name, DataType.Float, dims, values);

    /// <summary>Makes an int64 tensor.</summary>
    /// <inheritdoc cref="FromSingles"/>
    public static TensorProto FromInt64s(string name, IReadOnlyList<long> dims, ReadOnlySpan<long> values) =>
        Make(name, DataType.Int64, dims, values);

    /// <summary>Makes an int32 tensor.</summary>
    /// <inheritdoc cref="FromSingles"/>
    public static TensorProto FromInt32s(string name, IReadOnlyList<long> dims, ReadOnlySpan<int> values) =>
        Make(name, DataType.Int32, dims, values);

    /// <summary>Makes an int8 tensor.</summary>
    /// <inheritdoc cref="FromSingles"/>
    public static TensorProto FromInt8s(string name, IReadOnlyList<long> dims, ReadOnlySpan<sbyte> values) =>
        Make(name, DataType.Int8, dims, values);

    /// <summary>Makes a uint8 tensor.</summary>
    /// <inheritdoc cref="FromSingles"/>
    public static TensorProto FromUInt8s(string name, IReadOnlyList<long> dims, ReadOnlySpan<byte> values) =>
        Make(name, DataType.Uint8, dims, values);

    /// <summary>Makes an int4 tensor: two values to a byte, the first in the low half; a last odd half is zero.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dims">Its dimensions; none for a scalar.</param>
    /// <param name="values">Its values, −8 to 7, in C order.</param>
    /// <returns>The tensor, values in <c>raw_data</c>.</returns>
    /// <exception cref="ArgumentException">Not as many values as the dimensions declare, or a value outside the range.</exception>
    public static TensorProto FromInt4s(string name, IReadOnlyList<long> dims, ReadOnlySpan<sbyte> values)
    {
        if (values.ContainsAnyExceptInRange((sbyte)-8, (sbyte)7))
            throw new ArgumentException("an int4 value lies outside -8 to 7", nameof(values));
        return Make<byte>(name, DataType.Int4, dims, Pack(MemoryMarshal.AsBytes(values)), values.Length);
    }

    /// <summary>Makes a uint4 tensor: two values to a byte, the first in the low half; a last odd half is zero.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dims">Its dimensions; none for a scalar.</param>
    /// <param name="values">Its values, 0 to 15, in C order.</param>
    /// <returns>The tensor, values in <c>raw_data</c>.</returns>
    /// <exception cref="ArgumentException">Not as many values as the dimensions declare, or a value outside the range.</exception>
    public static TensorProto FromUInt4s(string name, IReadOnlyList<long> dims, ReadOnlySpan<byte> values)
    {
        if (values.ContainsAnyExceptInRange((byte)0, (byte)15))
            throw new ArgumentException("a uint4 value lies outside 0 to 15", nameof(values));
        return Make<byte>(name, DataType.Uint4, dims, Pack(values), values.Length);
    }

    /// <summary>The product of dimensions, or null when one is negative or the product does not fit.</summary>
    internal static long? ElementCount(IReadOnlyList<long> dims)
    {
        // Zeros are left out of the check: a shape like [2⁶², 8, 0] is empty, but who multiplies from the left overflows.
        var count = 1L;
        var empty = false;
        foreach (var dim in dims)
        {
            if (dim < 0 || (dim > 0 && count > long.MaxValue / dim))
                return null;
            empty |= dim == 0;
            count *= Math.Max(1, dim);
        }

        return empty ? 0 : count;
    }

    private static int ArrayLength(TensorProto tensor)
    {
        var count = ElementCount(tensor);
        return count <= Array.MaxLength ? (int)count : throw Inconsistent(tensor, $"declares {count} elements, more than an array can hold");
    }

    private static T[] Counted<T>(TensorProto tensor, T[] values, int count) =>
        values.Length == count ? values : throw Inconsistent(tensor, $"declares {count} elements and holds {values.Length}");

    // Compares before it allocates: the count is only what the file claims.
    private static T[] Raw<T>(TensorProto tensor, int count)
        where T : unmanaged
    {
        var bytes = tensor.RawData.Span;
        var size = Marshal.SizeOf<T>();
        if (bytes.Length != (long)count * size)
            throw Inconsistent(tensor, $"declares {count} elements of {size} bytes and holds {bytes.Length} bytes");
        var values = MemoryMarshal.Cast<byte, T>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian && size > 1)
            ReverseEach(MemoryMarshal.AsBytes(values.AsSpan()), size);
        return values;
    }

    private static ushort[] Halves(TensorProto tensor, int count) =>
        tensor.HasRawData
            ? Raw<ushort>(tensor, count)
            : Array.ConvertAll(Typed(tensor, ushort.MinValue, ushort.MaxValue), v => (ushort)v);

    private static long[] Typed(TensorProto tensor, long minimum, long maximum)
    {
        var values = Widen<int>([.. tensor.Int32Data]);
        return values.AsSpan().ContainsAnyExceptInRange(minimum, maximum)
            ? throw Inconsistent(tensor, $"holds a value outside {minimum} to {maximum}")
            : values;
    }

    private static long[] Widen(TensorProto tensor, ulong[] values, ulong maximum) =>
        values.AsSpan().ContainsAnyExceptInRange(0UL, maximum)
            ? throw Inconsistent(tensor, $"holds a value above {maximum}")
            : Array.ConvertAll(values, v => (long)v);

    private static long[] Widen<T>(T[] values)
        where T : IBinaryInteger<T> =>
        Array.ConvertAll(values, long.CreateChecked);

    private static long[] Unpack(TensorProto tensor, int count, int bits, bool signed)
    {
        var perByte = 8 / bits;
        var bytes = tensor.HasRawData
            ? tensor.RawData.Span
            : Array.ConvertAll(Typed(tensor, byte.MinValue, byte.MaxValue), v => (byte)v);
        if (bytes.Length != ((long)count + perByte - 1) / perByte)
            throw Inconsistent(tensor, $"declares {count} elements of {bits} bits and holds {bytes.Length} bytes");
        var values = new long[count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = bytes[i / perByte] >> (i % perByte * bits) & ((1 << bits) - 1);
            values[i] = signed && value >> (bits - 1) != 0 ? value - (1 << bits) : value;
        }

        return values;
    }

    private static byte[] Pack(ReadOnlySpan<byte> values)
    {
        var bytes = new byte[(values.Length + 1) / 2];
        for (var i = 0; i < values.Length; i++)
            bytes[i / 2] |= (byte)((values[i] & 15) << (i % 2 * 4));
        return bytes;
    }

    private static TensorProto Make<T>(string name, DataType type, IReadOnlyList<long> dims, ReadOnlySpan<T> values, int? count = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dims);
        if (ElementCount(dims) != (count ?? values.Length))
            throw new ArgumentException($"[{string.Join(',', dims)}] does not hold {count ?? values.Length} elements", nameof(dims));
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian && values.Length > 0 && bytes.Length > values.Length)
            ReverseEach(bytes, bytes.Length / values.Length);
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.AddRange(dims);
        return tensor;
    }

    private static void ReverseEach(Span<byte> bytes, int size)
    {
        for (var i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }

    private static EfrapException Inconsistent(TensorProto tensor, string what) =>
        new(EfrapCode.TensorInconsistent, $"the tensor '{tensor.Name}' {what}; export the model again.");
}
