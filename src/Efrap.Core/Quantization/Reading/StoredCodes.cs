using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Quantization.Reading;

/// <summary>Codes in blocks, each of which begins at a byte: the weights [outputs, inputs] of MatMulNBits.</summary>
/// <param name="Bits">The bits of a code: 2, 4 or 8. The first code of a byte has its lowest bits.</param>
/// <param name="Rows">The number of outputs.</param>
/// <param name="Columns">The number of inputs.</param>
/// <param name="BlockSize">How many inputs are in a block; the last one of a row is filled up.</param>
internal sealed record BlockPacking(int Bits, int Rows, int Columns, int BlockSize)
{
    /// <summary>The blocks of a row.</summary>
    internal int Blocks => ((Columns - 1) / BlockSize) + 1;

    /// <summary>The bytes of all blocks.</summary>
    internal long Bytes => (long)Rows * Blocks * BlockBytes;

    private int BlockBytes => BlockSize * Bits / 8;

    /// <summary>Where a code lies.</summary>
    internal (int Byte, int Shift) PlaceOf(int row, int column)
    {
        var (block, within) = Math.DivRem(column, BlockSize);
        var (at, part) = Math.DivRem(within, 8 / Bits);
        return ((((row * Blocks) + block) * BlockBytes) + at, part * Bits);
    }
}

/// <summary>Integers of up to 8 bits in the constants that hold them.</summary>
internal static class StoredCodes
{
    /// <summary>Whether a constant's type is one of codes.</summary>
    internal static bool IsCode(DataType type) =>
        type is DataType.Int8 or DataType.Uint8 or DataType.Int4 or DataType.Uint4 or DataType.Int2 or DataType.Uint2;

    /// <summary>The codes of a constant of their own type.</summary>
    internal static short[] Read(TensorProto stored) => (DataType)stored.DataType switch
    {
        // The large ones, without eight bytes for each on the way.
        DataType.Int8 when stored.HasRawData => Widen(stored.RawData.Span, signed: true),
        DataType.Uint8 when stored.HasRawData => Widen(stored.RawData.Span, signed: false),
        _ => Array.ConvertAll(TensorValues.ToInt64s(stored), c => (short)c),
    };

    /// <summary>The codes of a constant that holds packed bytes.</summary>
    internal static short[] Read(ReadOnlySpan<byte> bytes, BlockPacking packing)
    {
        var codes = new short[packing.Rows * packing.Columns];
        var mask = (1 << packing.Bits) - 1;
        for (var i = 0; i < codes.Length; i++)
        {
            var (at, shift) = packing.PlaceOf(i / packing.Columns, i % packing.Columns);
            codes[i] = (short)((bytes[at] >> shift) & mask);
        }

        return codes;
    }

    /// <summary>A constant with other codes in place of its own, and everything else as it was.</summary>
    /// <param name="stored">The constant.</param>
    /// <param name="packing">How it is packed; null where it is of its codes' type.</param>
    /// <param name="codes">The codes, each within its type's range.</param>
    internal static TensorProto Replace(TensorProto stored, BlockPacking? packing, short[] codes)
    {
        var result = stored.Clone();
        result.Int32Data.Clear();
        result.RawData = ByteString.CopyFrom(packing is null ? Pack(codes, ElementType.Bits((DataType)stored.DataType)) : Pack(codes, stored, packing));
        return result;
    }

    private static short[] Widen(ReadOnlySpan<byte> bytes, bool signed)
    {
        var codes = new short[bytes.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = signed ? (sbyte)bytes[i] : bytes[i];
        return codes;
    }

    private static byte[] Pack(short[] codes, int bits)
    {
        var perByte = 8 / bits;
        var bytes = new byte[((codes.Length - 1) / perByte) + 1];
        for (var i = 0; i < codes.Length; i++)
            bytes[i / perByte] |= (byte)((codes[i] & ((1 << bits) - 1)) << (i % perByte * bits));
        return bytes;
    }

    // What fills up the last block of a row stays what it was.
    private static byte[] Pack(short[] codes, TensorProto stored, BlockPacking packing)
    {
        var bytes = Bytes(stored);
        var mask = (1 << packing.Bits) - 1;
        for (var i = 0; i < codes.Length; i++)
        {
            var (at, shift) = packing.PlaceOf(i / packing.Columns, i % packing.Columns);
            bytes[at] = (byte)((bytes[at] & ~(mask << shift)) | (codes[i] << shift));
        }

        return bytes;
    }

    /// <summary>The values of a uint8 constant.</summary>
    internal static byte[] Bytes(TensorProto stored) => Array.ConvertAll(Read(stored), c => (byte)c);
}
