using System.Runtime.InteropServices;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Calibration;

/// <summary>The values of a tensor as the bytes that <c>raw_data</c> would hold, whichever field they lie in.</summary>
internal static class TensorBytes
{
    /// <summary>Gathers the values.</summary>
    /// <param name="tensor">A tensor that has passed <see cref="TensorValidation"/>.</param>
    /// <returns>A new array, little endian.</returns>
    /// <exception cref="InvalidDataException">The element type is not one that samples may have.</exception>
    /// <exception cref="EfrapException">A value lies outside its type's range.</exception>
    public static byte[] Of(TensorProto tensor)
    {
        var type = (DataType)tensor.DataType;
        if (!IsSupported(type))
            throw new InvalidDataException($"the tensor is of the type {ElementType.Name(type)}, which is not supported");
        if (tensor.HasRawData)
        {
            return type == DataType.Bool && tensor.RawData.Span.ContainsAnyExceptInRange((byte)0, (byte)1)
                ? throw new InvalidDataException("a bool is neither 0 nor 1")
                : tensor.RawData.ToByteArray();
        }

        return type switch
        {
            DataType.Float => Bytes<float>([.. tensor.FloatData]),
            DataType.Double => Bytes<double>([.. tensor.DoubleData]),
            DataType.Float16 => Bytes(Array.ConvertAll<int, ushort>([.. tensor.Int32Data], Bits)),
            DataType.Uint64 => Bytes<ulong>([.. tensor.Uint64Data]),
            DataType.Int64 => Bytes<long>([.. tensor.Int64Data]),
            DataType.Uint32 => Bytes(Array.ConvertAll(TensorValues.ToInt64s(tensor), v => (uint)v)),
            DataType.Int32 => Bytes<int>([.. tensor.Int32Data]),
            DataType.Uint16 => Bytes(Array.ConvertAll(TensorValues.ToInt64s(tensor), v => (ushort)v)),
            DataType.Int16 => Bytes(Array.ConvertAll(TensorValues.ToInt64s(tensor), v => (short)v)),
            DataType.Int8 => Bytes(Array.ConvertAll(TensorValues.ToInt64s(tensor), v => (sbyte)v)),
            _ => Bytes(Array.ConvertAll(TensorValues.ToInt64s(tensor), v => (byte)v)),
        };
    }

    // What conversion knows: the packed and the 8-bit floating types are for weights, nobody keeps samples in them.
    private static bool IsSupported(DataType type) =>
        type is DataType.Float or DataType.Double or DataType.Float16 ||
        (ElementType.IsInteger(type) && ElementType.Bits(type) >= 8);

    private static ushort Bits(int value) =>
        value is >= 0 and <= ushort.MaxValue
            ? (ushort)value
            : throw new InvalidDataException("the tensor holds a value that is no float16");

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
