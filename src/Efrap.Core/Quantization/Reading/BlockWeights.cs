using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Quantization.Reading;

/// <summary>Reads the weights of MatMulNBits: [outputs, inputs], packed in blocks along the inputs, each with a scale.</summary>
internal static class BlockWeights
{
    // ONNX Runtime's kernels know blocks of 16 to 256.
    private const int LargestBlock = 1 << 16;

    /// <summary>Reads a node's weight.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="index">The node.</param>
    /// <returns>The weight, or why it is not read.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.TensorInconsistent"/> or <see cref="EfrapCode.GraphInvalid"/>.</exception>
    internal static (QuantizedTensor? Tensor, string? Reason) Read(ModelGraph graph, int index)
    {
        var node = graph.Nodes[index];
        var (rows, columns, bits, size) = (node.Integer("N", 0), node.Integer("K", 0), node.Integer("bits", 4), node.Integer("block_size", 0));
        if (rows < 1 || columns < 1 || size < 1 || size > LargestBlock || rows > int.MaxValue || columns > int.MaxValue || rows * columns > Array.MaxLength)
            throw Invalid($"has the impossible sizes N = {rows}, K = {columns}, block_size = {size}");
        if (bits is not (2 or 4 or 8))
            return (null, $"its weights have {bits} bits");
        if (node.OptionalInput(4) is not null)
            return (null, "its blocks are in an order of their own (g_idx)");
        if (node.OptionalInput(1) is not { } codesName || graph.Constant(codesName) is not { } codes
            || node.OptionalInput(2) is not { } scaleName || graph.Constant(scaleName) is not { } scale || node.Output.Count == 0)
        {
            return (null, "its weight or its scale is not constant");
        }

        if (size * bits % 8 != 0)
            throw Invalid($"has blocks of {size} codes of {bits} bits, which fill no bytes");
        var packing = new BlockPacking((int)bits, (int)rows, (int)columns, (int)size);
        if (codes.DataType != (int)DataType.Uint8 || TensorValues.ElementCount(codes) != packing.Bytes)
            throw Inconsistent($"`{codesName}` holds {ElementType.Name((DataType)codes.DataType)} {TensorValidation.Shape(codes.Dims)} where {packing.Bytes} bytes are needed");
        var zeroPointName = node.OptionalInput(3);
        short[]? zeroPoints = null;
        if (zeroPointName is not null)
        {
            if (graph.Constant(zeroPointName) is not { DataType: (int)DataType.Uint8 } zeroPoint)
                return (null, "its zero points are not constant integers");
            zeroPoints = ZeroPoints(StoredCodes.Bytes(zeroPoint), packing)
                ?? throw Inconsistent($"the zero points `{zeroPointName}` of `{codesName}` are {TensorValues.ElementCount(zeroPoint)} bytes, which do not fit");
        }

        long[] shape = [rows, columns];
        var path = graph.Model.Path;
        return (new QuantizedTensor
        {
            CodesName = codesName,
            ScaleName = scaleName,
            ZeroPointName = zeroPointName,
            Form = StoredForm.Blocks,
            Uses = [new WeightUse(index, graph.DisplayName(index), node.OpType, node.Output[0], Transposed: false, Groups: 1)],
            CodeType = bits switch { 2 => DataType.Uint2, 4 => DataType.Uint4, _ => DataType.Uint8 },
            Shape = shape,
            Codes = StoredCodes.Read(StoredCodes.Bytes(codes), packing),
            Grid = ScaleGrid.Of(codesName, shape, scale, zeroPoints, absent: (short)(1 << ((int)bits - 1)), axis: 1, size, path),
            Packing = packing,
        }, null);

        EfrapException Invalid(string what) =>
            new(EfrapCode.GraphInvalid, $"the node `{graph.DisplayName(index)}` {what}; quantize the model again.", graph.Model.Path);

        EfrapException Inconsistent(string what) => new(EfrapCode.TensorInconsistent, $"{what}; quantize the model again.", graph.Model.Path);
    }

    // Each row of blocks begins at a byte.
    private static short[]? ZeroPoints(byte[] bytes, BlockPacking packing)
    {
        var rowBytes = (((long)packing.Blocks * packing.Bits) + 7) / 8;
        if (bytes.Length != packing.Rows * rowBytes)
            return null;
        var points = new short[packing.Rows * packing.Blocks];
        for (var i = 0; i < points.Length; i++)
        {
            var (row, block) = Math.DivRem(i, packing.Blocks);
            var (at, part) = Math.DivRem(block, 8 / packing.Bits);
            points[i] = (short)((bytes[(row * rowBytes) + at] >> (part * packing.Bits)) & ((1 << packing.Bits) - 1));
        }

        return points;
    }
}
