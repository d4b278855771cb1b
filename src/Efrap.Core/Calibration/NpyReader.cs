using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Calibration;

/// <summary>Reads arrays in NumPy's <c>.npy</c> format.</summary>
internal static class NpyReader
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Reads one array to the end of its stream.</summary>
    /// <param name="stream">The array, header first.</param>
    /// <param name="streamBytes">The bytes that are really there; what the header claims is compared with them.</param>
    /// <param name="name">The array's name.</param>
    /// <param name="samples">The largest number of samples needed, or null for all.</param>
    /// <param name="budget">What may be allocated.</param>
    /// <param name="cancellationToken">Observed between pieces.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InvalidDataException">It is damaged, of a type that is not supported, or too large.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static CalibrationArray Read(
        Stream stream, long streamBytes, string name, int? samples, ByteBudget budget, CancellationToken cancellationToken)
    {
        var header = NpyHeader.Read(stream);
        var total = TensorValues.ElementCount(header.Shape) is { } count ? TensorValidation.RawBytes(header.ElementType, count) : null;
        if (total != streamBytes - header.Bytes)
        {
            throw new InvalidDataException(
                $"an array of {ElementType.Name(header.ElementType)} {TensorValidation.Shape(header.Shape)} does not have " +
                $"{streamBytes - header.Bytes} bytes");
        }

        var available = header.Shape is [var first, ..] ? first : 1;
        var kept = Math.Min(available, samples ?? available);
        var keptBytes = available == 0 ? 0 : total.Value / available * kept;
        // In Fortran order every sample is spread over the whole array.
        var values = ReadPieces(stream, budget.Take(header.FortranOrder ? total.Value : keptBytes), cancellationToken);
        Drain(stream, total.Value - values.Length, cancellationToken);
        if (header.BigEndian)
            ReverseBytes(values, header.ElementBytes);
        if (header.ElementType == DataType.Bool && values.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1))
            throw new InvalidDataException("a bool is neither 0 nor 1");
        if (header.FortranOrder && header.Shape.Count > 1)
            values = ToCOrder(values, header, kept, budget.Take(keptBytes));
        else if (values.Length > keptBytes)
            values = values[..(int)keptBytes];
        long[] shape = header.Shape.Count == 0 ? [] : [kept, .. header.Shape.Skip(1)];
        return new(name, header.ElementType, shape, available, values);
    }

    private static byte[] ReadPieces(Stream stream, int length, CancellationToken cancellationToken)
    {
        var values = GC.AllocateUninitializedArray<byte>(length);
        for (var rest = values.AsSpan(); rest.Length > 0; rest = rest[Math.Min(PieceBytes, rest.Length)..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            stream.ReadExactly(rest[..Math.Min(PieceBytes, rest.Length)]);
        }

        return values;
    }

    // To its end, for the checksum of what holds the array.
    private static void Drain(Stream stream, long expected, CancellationToken cancellationToken)
    {
        var piece = new byte[expected == 0 ? 1 : 1 << 16];
        var left = expected;
        int read;
        while ((read = stream.Read(piece)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            left -= read;
        }

        if (left != 0)
            throw new InvalidDataException($"{Math.Abs(left)} bytes are {(left > 0 ? "missing" : "left over")}");
    }

    private static void ReverseBytes(Span<byte> values, int elementBytes)
    {
        switch (elementBytes)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(values);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(values);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(values);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static byte[] ToCOrder(byte[] values, NpyHeader header, long kept, int keptBytes)
    {
        var ordered = GC.AllocateUninitializedArray<byte>(keptBytes);
        switch (header.ElementBytes)
        {
            case 1:
                ToCOrder<byte>(values, ordered, header.Shape, kept);
                break;
            case 2:
                ToCOrder(Cast<ushort>(values), Cast<ushort>(ordered), header.Shape, kept);
                break;
            case 4:
                ToCOrder(Cast<uint>(values), Cast<uint>(ordered), header.Shape, kept);
                break;
            default:
                ToCOrder(Cast<ulong>(values), Cast<ulong>(ordered), header.Shape, kept);
                break;
        }

        return ordered;
    }

    private static Span<T> Cast<T>(byte[] values)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(values.AsSpan());

    private static void ToCOrder<T>(Span<T> source, Span<T> destination, IReadOnlyList<long> shape, long kept)
    {
        var last = shape.Count - 1;
        var sizes = shape.Select(d => (int)d).ToArray();
        sizes[0] = (int)kept;
        var strides = new int[shape.Count];
        strides[0] = 1;
        for (var axis = 1; axis < strides.Length; axis++)
            strides[axis] = strides[axis - 1] * (int)shape[axis - 1];

        var index = new int[shape.Count];
        var offset = 0;
        for (var position = 0; position < destination.Length; position += sizes[last])
        {
            for (var i = 0; i < sizes[last]; i++)
                destination[position + i] = source[offset + (i * strides[last])];
            for (var axis = last - 1; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < sizes[axis])
                    break;
                offset -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
    }
}
